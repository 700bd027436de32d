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
    /** Heap that one series in memory takes, generously: its billed time, its ids, its place in the tables. */
    private static final long BYTES_PER_SERIES = 1_000;

    /** What holds where nothing else is said: series in memory may take the whole heap only if it is tiny. */
    public static LedgerSettings defaults() {
        int series = (int) Math.min(2_000_000, Runtime.getRuntime().maxMemory() / BYTES_PER_SERIES);
        return new LedgerSettings(series, 4, Duration.ofSeconds(60), 8192);
    }
}
