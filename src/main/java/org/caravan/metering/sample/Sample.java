package org.caravan.metering.sample;

import java.math.BigDecimal;
import java.util.Map;
import java.util.UUID;

/**
 * One sample, with as much of it as its meter's transformers look at.
 *
 * @param id made of its message id; the same sample has it wherever it comes from
 * @param at when it was measured, microseconds since 1970
 * @param meter Ceilometer's name of what was measured
 * @param resource what was measured
 * @param unit of the volume, or empty
 * @param volume exact; null if it has none
 * @param metadata by path, such as {@code flavor.name}; paths that it does not have, or has as null, are left out
 */
public record Sample(
        UUID id,
        String tenant,
        long at,
        String meter,
        String resource,
        String unit,
        BigDecimal volume,
        Map<String, String> metadata) {
    public Sample {
        metadata = Map.copyOf(metadata);
    }
}
