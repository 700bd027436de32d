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
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.TreeSet;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;
import org.caravan.metering.UsageRecord;

/**
 * Decides of records whose time is billed already, at least in part: the same record again (a duplicate), or another
 * (a conflict). Billed records never overlap each other, so the first billed record found that shares a moment decides:
 * if it isn't the same, no other can be.
 */
final class Overlaps {
    /** Archives decoded without asking the entries which of them matter. */
    private static final int MAX_UNASKED = 3;

    private final Ledger ledger;
    private final UsageBatch batch;
    private final int[] rows;
    private final BilledBatch[] foundIn;
    private final int[] foundRow;
    private int open;

    /** @param rows rows whose time was found billed, ascending */
    Overlaps(Ledger ledger, UsageBatch batch, int[] rows) {
        this.ledger = ledger;
        this.batch = batch;
        this.rows = rows;
        this.foundIn = new BilledBatch[rows.length];
        this.foundRow = new int[rows.length];
        this.open = rows.length;
    }

    /** Looks for what was billed: first in the batch itself, then in the archives, newest first. */
    void resolve(Connection connection, BilledBatch current) throws SQLException {
        long stamp = ledger.nextStamp();
        for (int row : rows) {
            series(batch, row).overlapStamp = stamp;
        }
        search(current, stamp);
        if (open > 0) {
            searchArchives(connection, stamp);
        }
    }

    private void searchArchives(Connection connection, long stamp) throws SQLException {
        List<Candidate> candidates = candidates(connection);
        long unknown = candidates.stream()
                .filter(c -> !ledger.archives().isRemembered(c.id))
                .count();
        // remembered ones first: they cost nothing and usually hold it
        candidates.sort((a, b) -> Boolean.compare(
                ledger.archives().isRemembered(b.id), ledger.archives().isRemembered(a.id)));
        TreeSet<Long> asked = null;
        for (Candidate candidate : candidates) {
            if (open == 0) {
                return;
            }
            if (!concernsOpenRow(candidate)) {
                continue;
            }
            if (unknown > MAX_UNASKED && !ledger.archives().isRemembered(candidate.id)) {
                if (asked == null) {
                    asked = batchesOfOpenRows(connection);
                }
                if (!asked.contains(candidate.id)) {
                    continue;
                }
            }
            search(ledger.archives().get(connection, candidate.id), stamp);
        }
    }

    private void search(BilledBatch billed, long overlapStamp) {
        long chainStamp = ledger.nextStamp();
        billed.chain(ledger::knownSeries, overlapStamp, chainStamp);
        for (int i = 0; i < rows.length; i++) {
            if (foundIn[i] == null) {
                int row = rows[i];
                int found = billed.overlapping(series(batch, row), chainStamp, batch.begin(row), batch.end(row));
                if (found >= 0) {
                    foundIn[i] = billed;
                    foundRow[i] = found;
                    open--;
                }
            }
        }
        billed.unchain();
    }

    /** True if row {@code rows[i]} was billed before exactly as it is. */
    boolean isDuplicate(int i) {
        return foundIn[i] != null && sameContent(batch, rows[i], foundIn[i].batch, foundRow[i]);
    }

    /** What is billed beside row {@code rows[i]}, or null where the archive no longer knows. */
    UsageRecord billed(int i) {
        return foundIn[i] == null ? null : foundIn[i].batch.record(foundRow[i]);
    }

    /** Same begin, end and content: quantity, unit, given price, kept metadata. */
    static boolean sameContent(UsageBatch a, int rowA, UsageBatch b, int rowB) {
        if (a.begin(rowA) != b.begin(rowB) || a.end(rowA) != b.end(rowB)) {
            return false;
        }
        UsageKey keyA = a.key(rowA);
        UsageKey keyB = b.key(rowB);
        if (keyA != keyB
                && !(keyA.unit().equals(keyB.unit())
                        && ((KeyState) keyA.ledgerSlot).metadata.equals(((KeyState) keyB.ledgerSlot).metadata))) {
            return false;
        }
        return sameQuantity(a, rowA, b, rowB) && same(a.givenPrice(rowA), b.givenPrice(rowB));
    }

    private static boolean sameQuantity(UsageBatch a, int rowA, UsageBatch b, int rowB) {
        if (a.bigQuantity(rowA) == null
                && b.bigQuantity(rowB) == null
                && a.quantityScale(rowA) == b.quantityScale(rowB)) {
            return a.quantity(rowA) == b.quantity(rowB);
        }
        return a.quantityValue(rowA).compareTo(b.quantityValue(rowB)) == 0;
    }

    private static boolean same(BigDecimal a, BigDecimal b) {
        return a == null || b == null ? a == b : a.compareTo(b) == 0;
    }

    private static SeriesState series(UsageBatch batch, int row) {
        return ((KeyState) batch.key(row).ledgerSlot).series;
    }

    // ---- which archives ------------------------------------------------------------------------------------------

    /** A batch that by its time and buckets may hold what an open row overlaps. */
    private record Candidate(long id, long firstBegin, long lastEnd, BitSet buckets) {}

    private boolean concernsOpenRow(Candidate candidate) {
        for (int i = 0; i < rows.length; i++) {
            if (foundIn[i] == null
                    && batch.begin(rows[i]) < candidate.lastEnd
                    && candidate.firstBegin < batch.end(rows[i])
                    && candidate.buckets.get(batch.key(rows[i]).bucket())) {
                return true;
            }
        }
        return false;
    }

    private List<Candidate> candidates(Connection connection) throws SQLException {
        long begin = Long.MAX_VALUE;
        long end = Long.MIN_VALUE;
        for (int i = 0; i < rows.length; i++) {
            if (foundIn[i] == null) {
                begin = Math.min(begin, batch.begin(rows[i]));
                end = Math.max(end, batch.end(rows[i]));
            }
        }
        List<Candidate> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                """
                select id, (extract(epoch from first_begin) * 1000000)::bigint,
                       (extract(epoch from last_end) * 1000000)::bigint, buckets
                  from batch where first_begin < ? and last_end > ? and accepted > 0
                 order by id desc
                """)) {
            select.setObject(1, instant(end).atOffset(ZoneOffset.UTC));
            select.setObject(2, instant(begin).atOffset(ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new Candidate(
                            row.getLong(1), row.getLong(2), row.getLong(3), BitSet.valueOf(row.getBytes(4))));
                }
            }
        }
        return found;
    }

    /** The batches whose entries cover a moment of an open row, asked of the entries themselves. */
    private TreeSet<Long> batchesOfOpenRows(Connection connection) throws SQLException {
        List<SeriesState> series = new ArrayList<>();
        List<Instant> begins = new ArrayList<>();
        List<Instant> ends = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            if (foundIn[i] == null) {
                series.add(series(batch, rows[i]));
                begins.add(instant(batch.begin(rows[i])));
                ends.add(instant(batch.end(rows[i])));
            }
        }
        TreeSet<Long> found = new TreeSet<>();
        try (PreparedStatement select = connection.prepareStatement(
                """
                select distinct e.batch
                  from unnest(?, ?, ?, ?, ?, ?, ?)
                       as open (tenant, datacenter, meter, resource, identity, first_begin, last_end)
                  join entry e on e.tenant = open.tenant and e.datacenter = open.datacenter and e.meter = open.meter
                   and e.resource = open.resource and e.identity = open.identity
                   and e.first_begin < open.last_end and e.last_end > open.first_begin
                 where e.kind in (1, 3)
                """)) {
            select.setArray(
                    1, ints(connection, series.stream().map(s -> s.tenant).toArray()));
            select.setArray(
                    2, ints(connection, series.stream().map(s -> s.datacenter).toArray()));
            select.setArray(
                    3, ints(connection, series.stream().map(s -> s.meter).toArray()));
            select.setArray(
                    4, ints(connection, series.stream().map(s -> s.resource).toArray()));
            select.setArray(
                    5, ints(connection, series.stream().map(s -> s.identity).toArray()));
            select.setArray(6, connection.createArrayOf("timestamptz", begins.toArray()));
            select.setArray(7, connection.createArrayOf("timestamptz", ends.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(row.getLong(1));
                }
            }
        }
        return found;
    }

    private static java.sql.Array ints(Connection connection, Object[] values) throws SQLException {
        return connection.createArrayOf("int4", Arrays.copyOf(values, values.length, Object[].class));
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
