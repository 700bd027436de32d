package org.caravan.ledger;

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
import java.util.Set;
import java.util.TreeSet;
import org.caravan.metering.UsageBatch;

/** Finds out which archives may hold what the given rows of a batch overlap, as cheaply as it can. */
final class OverlapSearch {
    private OverlapSearch() {}

    /** A batch that by its time and buckets may hold what a row overlaps. */
    record Candidate(long id, long firstBegin, long lastEnd, BitSet buckets) {
        boolean concerns(UsageBatch batch, int row) {
            return batch.begin(row) < lastEnd
                    && firstBegin < batch.end(row)
                    && buckets.get(batch.key(row).bucket());
        }
    }

    /** Batches with billed records between the two moments (microseconds since 1970), newest first. */
    static List<Candidate> candidates(Connection connection, long begin, long end) throws SQLException {
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

    /** The batches whose entries cover a moment of any of these rows, asked of the entries themselves. */
    static Set<Long> batchesOf(Connection connection, UsageBatch batch, List<Integer> rows) throws SQLException {
        List<SeriesState> series = new ArrayList<>();
        List<Instant> begins = new ArrayList<>();
        List<Instant> ends = new ArrayList<>();
        for (int row : rows) {
            series.add(((KeyState) batch.key(row).ledgerSlot).series);
            begins.add(instant(batch.begin(row)));
            ends.add(instant(batch.end(row)));
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
                 where e.kind in (1, 2, 3) and e.records > 0
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
