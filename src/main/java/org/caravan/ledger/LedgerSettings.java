package org.caravan.ledger;

import java.time.Duration;

/**
 * The ledger's limits.
 *
 * @param maxSeriesInMemory series whose billed time is kept in memory; beyond it, whole buckets are forgotten and read
 *     again when next touched
 * @param recentBatches decoded batches kept to compare overlapping records with
 * @param lockWait longest wait for a bucket
 * @param maxRawBytes longest raw text kept of a quarantined record
 */
public record LedgerSettings(int maxSeriesInMemory, int recentBatches, Duration lockWait, int maxRawBytes) {
    /** What holds where nothing else is said. */
    public static LedgerSettings defaults() {
        return new LedgerSettings(2_000_000, 8, Duration.ofSeconds(60), 8192);
    }
}
