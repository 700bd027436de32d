package org.caravan.ledger;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;

/**
 * Records as they are billed now, read from the archives: the accepted ones of every batch but those that another took the
 * place of, each with what it was re-rated to last. One batch is in memory at a time.
 */
public final class BilledRecords {
    /** Part of the heap that the texts of keys may take while archives are read. */
    private static final int PART_OF_HEAP = 32;

    private final Connection connection;
    private final ArchiveKeys keys;

    /** @param snapshot a transaction of one snapshot (repeatable read): batches and reversals belong together */
    public BilledRecords(Connection snapshot) {
        this.connection = snapshot;
        this.keys = new ArchiveKeys(null, Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    }

    /** Takes records. */
    public interface Taker {
        /** True if records of this key are wanted; asked once per key and batch. */
        boolean wants(UsageKey key);

        /** Called before the first record of a batch. */
        default void start(UsageBatch batch) {}

        /**
         * A billed record whose key is wanted.
         *
         * @param amount what it is billed with now
         */
        void take(UsageBatch batch, int row, BigDecimal amount);
    }

    /**
     * An archive that may hold records of a time.
     *
     * @param records that it holds, at most
     */
    public record Archived(long batch, int records) {}

    /**
     * Batches with billed records that begin between two moments, in the order in which they were committed.
     *
     * @param buckets narrows to batches with usage of tenants in these, or null
     */
    public List<Archived> archives(Instant begin, Instant end, BitSet buckets) throws SQLException {
        List<Archived> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                """
                select id, records, buckets from batch
                 where first_begin < ? and last_end > ? and accepted > 0 order by id
                """)) {
            select.setObject(1, end.atOffset(ZoneOffset.UTC));
            select.setObject(2, begin.atOffset(ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    if (buckets == null || buckets.intersects(BitSet.valueOf(row.getBytes(3)))) {
                        found.add(new Archived(row.getLong(1), row.getInt(2)));
                    }
                }
            }
        }
        return found;
    }

    /**
     * Hands on the records of a batch that begin between two moments, in the order in which they were read.
     *
     * @throws IllegalStateException if the archive is gone or damaged
     */
    public void read(long batch, Instant begin, Instant end, Taker taker) throws SQLException {
        BilledBatch billed = Archives.read(connection, batch, keys, true);
        UsageBatch records = billed.batch;
        boolean[] wanted = new boolean[records.keyCount()];
        boolean any = false;
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = taker.wants(records.keyAt(i));
            any |= wanted[i];
        }
        if (!any) {
            return;
        }
        BitSet reversed = Reversals.of(connection, List.of(batch)).of(batch);
        BilledPrices prices = BilledPrices.of(connection, List.of(batch));
        taker.start(records);
        long from = micros(begin);
        long to = micros(end);
        for (int row = 0; row < records.size(); row++) {
            if (wanted[records.keyIndex(row)]
                    && records.begin(row) >= from
                    && records.begin(row) < to
                    && billed.isAccepted(row)
                    && (reversed == null || !reversed.get(row))) {
                BilledPrice rerated = prices.rerated(batch, row);
                taker.take(records, row, rerated != null ? rerated.amount() : records.amountValue(row));
            }
        }
    }

    /** Rounded up, so that a moment between two microseconds parts what lies before it from what lies after it. */
    private static long micros(Instant moment) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, moment);
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).isBefore(moment) ? micros + 1 : micros;
    }
}
