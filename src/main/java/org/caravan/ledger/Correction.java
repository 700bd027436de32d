package org.caravan.ledger;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;

/**
 * Makes room for one accepted record: finds every billed record that shares a moment with it (or its id, where events are
 * told apart by that) and reverses it whole, at exactly the quantity and amount that it is billed with, re-ratings included. What is left free
 * of it can be billed again.
 */
final class Correction {
    private final Ledger ledger;
    private final UsageBatch batch;
    private final int row;
    private final KeyState key;
    private final List<Beside> beside = new ArrayList<>();
    private final Map<Beside, BilledBatch> billedIn = new LinkedHashMap<>();
    private BilledPrices prices;
    private boolean duplicate;

    /** @param row the accepted record, whose key is resolved */
    Correction(Ledger ledger, UsageBatch batch, int row) {
        this.ledger = ledger;
        this.batch = batch;
        this.row = row;
        this.key = (KeyState) batch.key(row).ledgerSlot;
    }

    /** What is billed in the record's place, in order of time; nothing of it is reversed if it is the same record. */
    List<Beside> beside() {
        return beside;
    }

    /** True if something has to be reversed. */
    boolean isNeeded() {
        return !duplicate && !beside.isEmpty();
    }

    /** Begin of the earliest record to be reversed in microseconds since 1970; the greatest long if there is none. */
    long firstBegin() {
        return beside.stream()
                .mapToLong(b -> billedIn.get(b).batch.begin(b.archiveRow()))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** Finds what is to be reversed; the caller holds the record's bucket. */
    void find(Connection connection) throws SQLException {
        if (key.event) {
            findEvent(connection);
        } else {
            findOverlapped(connection);
        }
        if (beside.size() == 1) {
            BilledBatch billed = billedIn.get(beside.get(0));
            duplicate = key.event
                    ? Events.isSame(batch, row, billed.batch, beside.get(0).archiveRow())
                    : Overlaps.sameContent(
                            batch, row, billed.batch, beside.get(0).archiveRow());
        }
        if (!duplicate) {
            KeyIds.resolve(
                    ledger,
                    connection,
                    beside.stream().map(this::keyOf).distinct().toList());
        }
    }

    private UsageKey keyOf(Beside billed) {
        return billedIn.get(billed).batch.key(billed.archiveRow());
    }

    private void findEvent(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select batch, archive_row from event where tenant = ? and meter = ? and id = ?")) {
            select.setInt(1, key.series.tenant);
            select.setInt(2, key.series.meter);
            select.setString(3, batch.id(row));
            try (ResultSet found = select.executeQuery()) {
                if (found.next()) {
                    prices = BilledPrices.of(connection, List.of(found.getLong(1)));
                    add(ledger.archives().whole(connection, found.getLong(1)), found.getInt(2));
                }
            }
        }
    }

    private void findOverlapped(Connection connection) throws SQLException {
        long begin = batch.begin(row);
        long end = batch.end(row);
        long billed = key.series.billedWithin(begin, end);
        if (billed == 0) {
            return;
        }
        Set<Long> batches = OverlapSearch.batchesOf(connection, batch, List.of(row));
        Reversals reversals = Reversals.of(connection, batches);
        prices = BilledPrices.of(connection, batches);
        long found = 0;
        for (long id : batches) {
            BilledBatch whole = ledger.archives().whole(connection, id);
            long stamp = ledger.nextStamp();
            whole.mark(ledger, stamp);
            for (int other : whole.allOverlapping(key.series, stamp, begin, end, reversals.of(id))) {
                add(whole, other);
                found += Math.min(end, whole.batch.end(other)) - Math.max(begin, whole.batch.begin(other));
            }
        }
        if (found != billed) {
            throw new IllegalStateException(
                    "what is billed from " + batch.record(row).begin() + " to "
                            + batch.record(row).end() + " of resource '"
                            + batch.key(row).resource()
                            + "' is not what the archives hold; run caravan audit");
        }
        beside.sort(Comparator.comparing(b -> b.record().begin()));
    }

    private void add(BilledBatch whole, int other) {
        Beside one = Beside.of(whole, other, prices);
        beside.add(one);
        billedIn.put(one, whole);
    }

    /** Frees what was found in memory, and adds the entries that take it back. */
    void reverse(Connection connection, NewUsage usage) throws SQLException {
        if (duplicate) {
            return;
        }
        for (Beside one : beside) {
            UsageBatch of = billedIn.get(one).batch;
            if (!key.event && !key.series.release(of.begin(one.archiveRow()), of.end(one.archiveRow()))) {
                throw new IllegalStateException(
                        "batch " + one.batch() + ": a record of its archive is not billed; run caravan audit");
            }
            usage.reverse(of, one.archiveRow(), prices.of(billedIn.get(one), one.archiveRow()));
        }
        if (key.event && !beside.isEmpty()) {
            try (PreparedStatement delete =
                    connection.prepareStatement("delete from event where tenant = ? and meter = ? and id = ?")) {
                delete.setInt(1, key.series.tenant);
                delete.setInt(2, key.series.meter);
                delete.setString(3, batch.id(row));
                delete.executeUpdate();
            }
        }
    }

    /** Remembers in the database that the records are reversed; one that already is ends the transaction. */
    void write(Connection connection, long byBatch) throws SQLException {
        if (!isNeeded()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into reversal (batch, archive_row, by_batch) select b, r, ? from unnest(?, ?) as u (b, r)")) {
            insert.setLong(1, byBatch);
            insert.setArray(
                    2,
                    connection.createArrayOf(
                            "int8", beside.stream().map(Beside::batch).toArray()));
            insert.setArray(
                    3,
                    connection.createArrayOf(
                            "int4", beside.stream().map(Beside::archiveRow).toArray()));
            insert.executeUpdate();
        }
    }

    /** What all reversed records are billed with; zero where the record is billed already. */
    BigDecimal reversedAmount() {
        return duplicate
                ? BigDecimal.ZERO
                : beside.stream().map(Beside::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
