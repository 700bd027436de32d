package org.caravan.ledger;

import java.time.Duration;

/**
 * The ledger's limits.
 *
 * @param maxSeriesInMemory series whose billed time is kept in memory; beyond it, whole buckets are forgotten and read
 *     again when next touched
 * @param recentBatches most batches kept to compare overlapping records with; fewer where they are large
 * @param lockWait longest wait for a bucket
 * @param maxRawBytes longest raw text kept of a quarantined record
 * @param maxHeldRecords records that quarantine may hold; a batch that would bring more fails
 * @param maxHeldBytes bytes of text that quarantine may hold; a batch that would bring more fails
 */
public record LedgerSettings(
        int maxSeriesInMemory,
        int recentBatches,
        Duration lockWait,
        int maxRawBytes,
        long maxHeldRecords,
        long maxHeldBytes) {
    /** Heap that one series in memory takes, generously: its billed time, its ids, its place in the tables. */
    private static final long BYTES_PER_SERIES = 1_000;

    private static final int RECENT_BATCHES = 64;
    private static final long HELD_RECORDS = 1_000_000;
    private static final long HELD_BYTES = 1L << 30;

    /** With the quarantine's limits as they are unless said otherwise. */
    public LedgerSettings(int maxSeriesInMemory, int recentBatches, Duration lockWait, int maxRawBytes) {
        this(maxSeriesInMemory, recentBatches, lockWait, maxRawBytes, HELD_RECORDS, HELD_BYTES);
    }

    /** What holds where nothing else is said: series in memory may take the whole heap only if it is tiny. */
    public static LedgerSettings defaults() {
        int series = (int) Math.min(2_000_000, Runtime.getRuntime().maxMemory() / BYTES_PER_SERIES);
        return new LedgerSettings(series, RECENT_BATCHES, Duration.ofSeconds(60), 8192);
    }
}
