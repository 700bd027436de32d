package org.caravan.ledger;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.caravan.metering.PositionRange;

/** The positions a batch advances, locked in key order so that two batches never wait for each other in a circle. */
final class Positions {
    private final List<PositionRange> ranges;
    private final long[] values;
    private final boolean[] done;

    private Positions(List<PositionRange> ranges) {
        this.ranges = ranges;
        this.values = new long[ranges.size()];
        this.done = new boolean[ranges.size()];
    }

    /**
     * Locks the positions and reads where they stand.
     *
     * @throws IllegalStateException if a position stands below the batch's begin: a batch before it was skipped
     */
    static Positions lock(Connection connection, List<PositionRange> ranges) throws SQLException {
        Positions positions = new Positions(ranges);
        if (!ranges.isEmpty() && !positions.find(connection)) {
            positions.insert(connection);
            if (!positions.find(connection)) {
                throw new IllegalStateException("a position was taken away amidst a batch: " + ranges);
            }
        }
        for (int i = 0; i < ranges.size(); i++) {
            positions.check(i);
        }
        return positions;
    }

    /** Locks those that are there, in the order of their keys; false if some are not. */
    private boolean find(Connection connection) throws SQLException {
        int found = 0;
        try (PreparedStatement select = connection.prepareStatement(
                """
                select u.place, p.value, p.done
                  from unnest(?, ?) with ordinality as u (source, key, place)
                  join position p on p.source = u.source and p.key = u.key
                 order by p.source collate "C", p.key collate "C" for update of p
                """)) {
            select.setArray(1, texts(connection, PositionRange::source));
            select.setArray(2, texts(connection, PositionRange::key));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    int i = row.getInt(1) - 1;
                    values[i] = row.getLong(2);
                    done[i] = row.getBoolean(3);
                    found++;
                }
            }
        }
        return found == ranges.size();
    }

    private void insert(Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into position (source, key, value)
                select * from unnest(?, ?, ?) as u (source, key, value)
                 order by u.source collate "C", u.key collate "C" on conflict do nothing
                """)) {
            insert.setArray(1, texts(connection, PositionRange::source));
            insert.setArray(2, texts(connection, PositionRange::key));
            insert.setArray(3, numbers(connection, i -> ranges.get(i).from()));
            insert.executeUpdate();
        }
    }

    private void check(int i) {
        PositionRange range = ranges.get(i);
        if (values[i] < range.from()) {
            throw new IllegalStateException("source " + range.source() + " position " + range.key()
                    + ": the ledger stands at " + values[i] + ", the batch begins at " + range.from()
                    + "; what lies between was skipped: read again from the ledger's position");
        }
    }

    /** True if nothing of the batch is left to commit: its answer was lost, or it was delivered again. */
    boolean allCommitted() {
        for (int i = 0; i < ranges.size(); i++) {
            PositionRange range = ranges.get(i);
            if (values[i] < range.to() || range.last() && !done[i]) {
                return false;
            }
        }
        return !ranges.isEmpty();
    }

    /** True if the record was committed with an earlier batch. */
    boolean isCommitted(int positionIndex, long position) {
        return !ranges.isEmpty() && position >= 0 && position < values[positionIndex];
    }

    /** True if any record of the batch may be committed already. */
    boolean mayOverlap() {
        for (int i = 0; i < ranges.size(); i++) {
            if (values[i] > ranges.get(i).from()) {
                return true;
            }
        }
        return false;
    }

    void advance(Connection connection, long batch) throws SQLException {
        if (ranges.isEmpty()) {
            return;
        }
        try (PreparedStatement update = connection.prepareStatement(
                """
                update position p set value = greatest(p.value, u.value), done = p.done or u.done, batch = ?,
                       updated_at = now()
                  from unnest(?, ?, ?, ?) as u (source, key, value, done) where p.source = u.source and p.key = u.key
                """)) {
            update.setObject(1, batch == 0 ? null : batch, java.sql.Types.BIGINT);
            update.setArray(2, texts(connection, PositionRange::source));
            update.setArray(3, texts(connection, PositionRange::key));
            update.setArray(4, numbers(connection, i -> ranges.get(i).to()));
            update.setArray(
                    5,
                    connection.createArrayOf(
                            "bool", ranges.stream().map(PositionRange::last).toArray()));
            update.executeUpdate();
        }
        if (batch == 0) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into batch_position (source, key, from_value, to_value, batch)
                select u.*, ? from unnest(?, ?, ?, ?) as u (source, key, from_value, to_value)
                 where u.from_value <= u.to_value
                """)) {
            // a part of it may have been committed before, and then covers nothing of this batch
            insert.setLong(1, batch);
            insert.setArray(2, texts(connection, PositionRange::source));
            insert.setArray(3, texts(connection, PositionRange::key));
            insert.setArray(
                    4,
                    numbers(connection, i -> Math.max(values[i], ranges.get(i).from())));
            insert.setArray(5, numbers(connection, i -> ranges.get(i).to()));
            insert.executeUpdate();
        }
    }

    private Array texts(Connection connection, Function<PositionRange, String> text) throws SQLException {
        return connection.createArrayOf("text", ranges.stream().map(text).toArray());
    }

    private Array numbers(Connection connection, IntToLongFunction number) throws SQLException {
        return connection.createArrayOf(
                "int8",
                IntStream.range(0, ranges.size())
                        .mapToLong(number::applyAsLong)
                        .boxed()
                        .toArray());
    }
}
