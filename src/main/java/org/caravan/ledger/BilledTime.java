package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The billed time of all buckets that this process has met, kept in memory and made true again under the buckets' locks:
 * a bucket whose epoch is not the remembered one was written by another hub, whose entries are then read and united.
 *
 * <p>Not safe for concurrent use: the ledger's commit lock guards it.
 */
final class BilledTime {
    private static final Logger LOG = LoggerFactory.getLogger(BilledTime.class);
    private static final int FETCH_ROWS = 10_000;

    /**
     * Sums per series; where they show a gap, the runs themselves are read. A reversed record counts with negative
     * seconds, so that time given back shows as a gap, too. Re-ratings bill no time.
     */
    private static final String RUNS =
            """
            select bucket, tenant, datacenter, meter, resource, identity,
                   (extract(epoch from min(first_begin)) * 1000000)::bigint,
                   (extract(epoch from max(last_end)) * 1000000)::bigint,
                   sum(seconds) * 1000000 = extract(epoch from max(last_end) - min(first_begin)) * 1000000,
                   bool_or(records < 0)
              from entry where bucket = any (?) and batch > ? and timed and kind in (1, 2, 3)
             group by bucket, tenant, datacenter, meter, resource, identity
            """;

    private static final String RAW =
            """
            select e.bucket, e.tenant, e.datacenter, e.meter, e.resource, e.identity,
                   (extract(epoch from e.first_begin) * 1000000)::bigint,
                   (extract(epoch from e.last_end) * 1000000)::bigint, e.records > 0
              from entry e
              join unnest(?, ?, ?, ?, ?) as gap (tenant, datacenter, meter, resource, identity)
                on gap.tenant = e.tenant and gap.datacenter = e.datacenter and gap.meter = e.meter
               and gap.resource = e.resource and gap.identity = e.identity
             where e.bucket = any (?) and e.batch > ? and e.timed and e.kind in (1, 2, 3)
            """;

    private static final String TOLD =
            """
            select distinct on (tenant, datacenter, meter, resource, identity)
                   bucket, tenant, datacenter, meter, resource, identity, metadata
              from resource where bucket = any (?) and batch > ?
             order by tenant, datacenter, meter, resource, identity, since desc, batch desc
            """;

    private final Map<Integer, BucketMemory> buckets = new HashMap<>();
    private final NewestEntries newest = new NewestEntries();

    /** The memory of a bucket that {@link #refresh} was called for. */
    BucketMemory bucket(int id) {
        return buckets.get(id);
    }

    /** Makes the memory of locked buckets true: {@code epochs} are theirs, read under the lock. */
    void refresh(Connection connection, SortedMap<Integer, Long> epochs, long stamp) throws SQLException {
        Map<Long, List<Integer>> behind = new HashMap<>();
        epochs.forEach((id, epoch) -> {
            BucketMemory memory = buckets.computeIfAbsent(id, BucketMemory::new);
            memory.lastUsed = stamp;
            if (memory.epoch != epoch) {
                behind.computeIfAbsent(memory.epoch, e -> new ArrayList<>()).add(id);
            }
        });
        for (Map.Entry<Long, List<Integer>> group : behind.entrySet()) {
            if (group.getKey() == 0) {
                load(connection, group.getValue(), 0);
            } else {
                newest.beforeRead(connection);
                load(connection, group.getValue(), group.getKey());
                newest.afterRead(connection);
            }
            group.getValue().forEach(id -> buckets.get(id).epoch = epochs.get(id));
        }
    }

    /** Says that the commit of a batch into these buckets held. */
    void committed(Collection<Integer> ids, long batch) {
        ids.forEach(id -> buckets.get(id).epoch = batch);
    }

    /** Called after each commit, with its connection. */
    void betweenCommits(Connection connection) {
        newest.betweenCommits(connection);
    }

    /** Drops what is remembered of these buckets: a failed commit may have left anything in it. */
    void forget(Collection<Integer> ids) {
        for (int id : ids) {
            BucketMemory memory = buckets.remove(id);
            if (memory != null) {
                memory.alive = false;
            }
        }
    }

    /** Forgets the buckets that were not used for longest until at most {@code maxSeries} are remembered. */
    void trim(int maxSeries) {
        long total = buckets.values().stream().mapToLong(BucketMemory::size).sum();
        if (total <= maxSeries) {
            return;
        }
        List<BucketMemory> oldest = new ArrayList<>(buckets.values());
        oldest.sort((a, b) -> Long.compare(a.lastUsed, b.lastUsed));
        for (BucketMemory memory : oldest) {
            if (total <= maxSeries) {
                return;
            }
            total -= memory.size();
            forget(List.of(memory.id));
        }
    }

    private void load(Connection connection, List<Integer> ids, long above) throws SQLException {
        List<SeriesState> gaps = new ArrayList<>();
        Map<SeriesState, List<long[]>> corrected = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(RUNS)) {
            select.setFetchSize(FETCH_ROWS);
            select.setArray(1, connection.createArrayOf("int2", ids.toArray()));
            select.setLong(2, above);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    SeriesState series = series(row);
                    if (row.getBoolean(9)) {
                        unite(series, row);
                    } else {
                        gaps.add(series);
                        if (row.getBoolean(10)) {
                            corrected.put(series, new ArrayList<>());
                        }
                    }
                }
            }
        }
        if (!gaps.isEmpty()) {
            loadRaw(connection, ids, above, gaps, corrected);
            corrected.forEach((series, changes) -> check(series, series.apply(changes)));
        }
        try (PreparedStatement select = connection.prepareStatement(TOLD)) {
            select.setFetchSize(FETCH_ROWS);
            select.setArray(1, connection.createArrayOf("int2", ids.toArray()));
            select.setLong(2, above);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    series(row).toldMetadata = KeyState.hash(row.getString(7));
                }
            }
        }
    }

    /** Unites the runs of series with gaps; the changes of corrected series are only collected: their order means nothing. */
    private void loadRaw(
            Connection connection,
            List<Integer> ids,
            long above,
            List<SeriesState> gaps,
            Map<SeriesState, List<long[]>> corrected)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(RAW)) {
            select.setFetchSize(FETCH_ROWS);
            select.setArray(1, ints(connection, gaps.stream().map(s -> s.tenant).toArray()));
            select.setArray(
                    2, ints(connection, gaps.stream().map(s -> s.datacenter).toArray()));
            select.setArray(3, ints(connection, gaps.stream().map(s -> s.meter).toArray()));
            select.setArray(
                    4, ints(connection, gaps.stream().map(s -> s.resource).toArray()));
            select.setArray(
                    5, ints(connection, gaps.stream().map(s -> s.identity).toArray()));
            select.setArray(6, connection.createArrayOf("int2", ids.toArray()));
            select.setLong(7, above);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    SeriesState series = series(row);
                    List<long[]> changes = corrected.get(series);
                    if (changes == null) {
                        unite(series, row);
                    } else {
                        changes.add(new long[] {row.getLong(7), row.getLong(8), row.getBoolean(9) ? 1 : -1});
                    }
                }
            }
        }
    }

    private static java.sql.Array ints(Connection connection, Object[] values) throws SQLException {
        return connection.createArrayOf("int4", values);
    }

    private SeriesState series(ResultSet row) throws SQLException {
        return buckets.get(row.getInt(1))
                .series(row.getInt(2), row.getInt(3), row.getInt(4), row.getInt(5), row.getInt(6));
    }

    private void unite(SeriesState series, ResultSet row) throws SQLException {
        check(series, series.take(row.getLong(7), row.getLong(8)));
    }

    private static void check(SeriesState series, boolean sound) {
        if (!sound) {
            // only who wrote past the locks can have made this; billing goes on, but a person must know
            LOG.error(
                    "Bucket {}: time of tenant {}, resource {} (ids) is billed twice; run caravan audit",
                    series.memory.id,
                    series.tenant,
                    series.resource);
        }
    }
}
