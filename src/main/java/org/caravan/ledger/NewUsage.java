package org.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.caravan.metering.Price;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageRecord;

/**
 * What of a batch is new against the billed time of its series, and the entries that become of it; duplicates are counted,
 * conflicts set aside. Runs under the locks of the batch's buckets, which {@link Commit} holds.
 */
final class NewUsage {
    private static final int[] NO_ROWS = new int[0];

    private final Ledger ledger;
    private final UsageBatch batch;
    private final BatchKeys keys;
    private final Positions positions;
    private final long batchId;
    private final ClosedThrough closed;
    private final SetAside quarantine;
    private final long stamp;
    private final EntryColumns entries;
    private final byte[] acceptedRows;
    private final List<Told> told = new ArrayList<>();

    private int[] overlapping = NO_ROWS;
    private int overlaps;
    private long firstBegin = Long.MAX_VALUE;
    private long lastEnd = Long.MIN_VALUE;
    private int read;
    private int skipped;
    private int accepted;
    private int duplicates;
    private int unpriced;
    private boolean correcting;
    private BilledBatch billed;

    /**
     * New metadata of a resource.
     *
     * @param since begin of the record that told it, in microseconds since 1970
     */
    record Told(KeyState key, long since) {}

    /**
     * @param closed through which month the batch's tenants are closed
     * @param quarantine takes the conflicts
     */
    NewUsage(
            Ledger ledger,
            UsageBatch batch,
            BatchKeys keys,
            Positions positions,
            long batchId,
            ClosedThrough closed,
            SetAside quarantine) {
        this.ledger = ledger;
        this.batch = batch;
        this.keys = keys;
        this.positions = positions;
        this.batchId = batchId;
        this.closed = closed;
        this.quarantine = quarantine;
        this.stamp = ledger.nextStamp();
        this.entries = new EntryColumns(Math.max(64, batch.size() / 4));
        this.acceptedRows = new byte[(batch.size() + 7) / 8];
    }

    /** Goes through the batch, series by series; what is new changes the memory of the locked buckets at once. */
    void find(Connection connection) throws SQLException {
        boolean mayBeCommitted = positions.mayOverlap();
        Events events = new Events(ledger, batch);
        for (int row : keys.rowsBySeries(stamp)) {
            if (mayBeCommitted && positions.isCommitted(batch.positionIndex(row), batch.position(row))) {
                skipped++;
                continue;
            }
            read++;
            KeyState key = keys.ofRow(row);
            if (key.event) {
                events.add(row);
            } else if (key.series.take(batch.begin(row), batch.end(row))) {
                accept(row, key);
            } else {
                overlapAt(row);
            }
        }
        if (!events.isEmpty()) {
            events.insert(connection, batchId);
            for (int row : events.newRows()) {
                accept(row, keys.ofRow(row));
            }
            events.resolve(connection, billed());
            for (int i = 0; i < events.known(); i++) {
                decide(
                        events.knownRow(i),
                        events.isDuplicate(i),
                        events.beside(i),
                        "its id is billed with other content");
            }
        }
        decideOverlaps(connection);
    }

    private void overlapAt(int row) {
        if (overlaps == overlapping.length) {
            overlapping = Arrays.copyOf(overlapping, Math.max(256, overlaps * 2));
        }
        overlapping[overlaps++] = row;
    }

    private void accept(int row, KeyState key) {
        acceptedRows[row >> 3] |= (byte) (1 << (row & 7));
        accepted++;
        long begin = batch.begin(row);
        firstBegin = Math.min(firstBegin, begin);
        lastEnd = Math.max(lastEnd, batch.end(row));
        Price price = batch.price(row);
        if (!price.priced()) {
            unpriced++;
        }
        SeriesState series = key.series;
        if (key.event) {
            if (key.entryStamp == stamp && entries.gathers(key.entry, price, begin)) {
                entries.add(key.entry, batch, row);
                return;
            }
            key.entryStamp = stamp;
            key.entry = startEntry(key, row);
            return;
        }
        if (series.entryStamp == stamp && entries.continues(series.entry, key, price, begin)) {
            entries.add(series.entry, batch, row);
            return;
        }
        series.entryStamp = stamp;
        series.entry = startEntry(key, row);
    }

    private int startEntry(KeyState key, int row) {
        SeriesState series = key.series;
        int usageMonth = Months.ofMicros(batch.begin(row));
        int billingMonth = billingMonth(series.tenant, usageMonth);
        if (key.metadataHash != 0 && key.metadataHash != series.toldMetadata) {
            series.toldMetadata = key.metadataHash;
            told.add(new Told(key, batch.begin(row)));
        }
        EntryKind kind =
                correcting ? EntryKind.CORRECTION : billingMonth == usageMonth ? EntryKind.USAGE : EntryKind.ADJUSTMENT;
        return entries.start(key, batch.price(row), batch, row, billingMonth, kind);
    }

    /** Takes a billed record back at what it is billed with, which frees nothing by itself. */
    void reverse(UsageBatch of, int row, BilledPrice billed) {
        KeyState key = (KeyState) of.key(row).ledgerSlot;
        int billingMonth = billingMonth(key.series.tenant, Months.ofMicros(of.begin(row)));
        entries.startReversal(key, billed, of, row, billingMonth, EntryKind.CORRECTION.code());
    }

    /** Says that what is billed from now on takes the place of something else. */
    void correct() {
        correcting = true;
    }

    /** The month that bears usage of the given one, ready to be written to. */
    private int billingMonth(int tenant, int usageMonth) {
        int billingMonth = closed.billingMonth(tenant, usageMonth);
        ledger.needMonth(billingMonth);
        return billingMonth;
    }

    private void decideOverlaps(Connection connection) throws SQLException {
        if (overlaps == 0) {
            return;
        }
        Arrays.sort(overlapping, 0, overlaps);
        Overlaps decided = new Overlaps(ledger, batch, Arrays.copyOf(overlapping, overlaps));
        decided.resolve(connection, billed());
        for (int i = 0; i < overlaps; i++) {
            decide(overlapping[i], decided.isDuplicate(i), decided.beside(i), "its time is billed already");
        }
    }

    private void decide(int row, boolean duplicate, Beside beside, String reason) {
        if (duplicate) {
            duplicates++;
            return;
        }
        quarantine.conflict(
                batch, row, "conflict: " + reason + (beside == null ? "" : " as " + describe(beside.record())), beside);
    }

    private static String describe(UsageRecord billed) {
        return billed.quantity().toPlainString() + " " + billed.unit() + " from " + billed.begin() + " to "
                + billed.end();
    }

    // ---- what was found ------------------------------------------------------------------------------------------

    /** The batch as others will compare their records with it. */
    BilledBatch billed() {
        if (billed == null) {
            billed = new BilledBatch(batchId, batch, acceptedRows, true);
        }
        return billed;
    }

    /** A bitmap of the accepted rows. */
    byte[] acceptedRows() {
        return acceptedRows;
    }

    EntryColumns entries() {
        return entries;
    }

    List<Told> told() {
        return told;
    }

    /** Begin of the earliest accepted record. */
    long firstBegin() {
        return firstBegin;
    }

    /** End of the latest accepted record. */
    long lastEnd() {
        return lastEnd;
    }

    /** Records looked at. */
    int read() {
        return read;
    }

    /** Records below the position. */
    int skipped() {
        return skipped;
    }

    int accepted() {
        return accepted;
    }

    int duplicates() {
        return duplicates;
    }

    /** A part of the accepted. */
    int unpriced() {
        return unpriced;
    }
}
