package org.caravan.invoice.rerate;

import java.time.Duration;

/**
 * Limits of re-rating.
 *
 * @param recordsPerTransaction records looked at in one transaction; a single batch may have more
 * @param lockWait longest wait for a bucket
 * @param lease how long an order belongs to who works on it, from its last transaction on; longer than one takes
 */
public record RerateSettings(int recordsPerTransaction, Duration lockWait, Duration lease) {
    public RerateSettings {
        if (recordsPerTransaction < 1) {
            throw new IllegalArgumentException("recordsPerTransaction must be at least 1");
        }
    }

    /** What holds where nothing else is said. */
    public static RerateSettings defaults() {
        return new RerateSettings(100_000, Duration.ofSeconds(60), Duration.ofMinutes(5));
    }
}
