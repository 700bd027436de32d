package org.caravan.metering;

import java.util.HashMap;
import java.util.Map;

/** What a reader remembers of a meter. For one thread. */
final class MeterEntry {
    private static final int MAX_UNITS = 1000;

    final Meter meter;
    final ProductTemplate product;
    private final Map<String, Conversion> conversions = new HashMap<>();

    /** What the line reader derived from the meter: which of its columns make the key. */
    Object plan;

    MeterEntry(Meter meter) {
        this.meter = meter;
        this.product = meter.product() == null ? null : ProductTemplate.parse(meter.product());
    }

    boolean keeps(String field) {
        return meter.metadata() == null || meter.metadata().contains(field);
    }

    /** The conversion from a record's unit, or null if it does not convert. */
    Conversion conversion(String unit) {
        if (conversions.size() > MAX_UNITS) {
            conversions.clear();
        }
        return conversions.computeIfAbsent(unit, u -> Conversion.of(meter, u));
    }
}
