package org.caravan.metering.sample;

import java.util.List;
import java.util.Map;

/** As {@link Gauge#MAX}; what was used is the volume type of the last sample, or the transform's default. */
final class StorageMax implements Transformer {
    private static final String TYPE = "volume_type";

    @Override
    public List<Stretch> apply(Transform transform, List<Sample> samples, Window window) {
        String type = transform.field(TYPE, samples.get(samples.size() - 1));
        return Gauge.whole(window, Gauge.MAX.amount(samples, window), transform.serviceOf(type));
    }

    @Override
    public String unit(String unit) {
        return Gauge.hours(unit);
    }

    @Override
    public Map<String, List<String>> fields() {
        return Map.of(TYPE, List.of(TYPE));
    }

    @Override
    public String service() {
        return TYPE;
    }
}
