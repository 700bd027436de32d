package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < ranges.size(); i++) {
            order.add(i);
        }
        order.sort(Comparator.comparing((Integer i) -> ranges.get(i).source())
                .thenComparing(i -> ranges.get(i).key()));
        for (int i : order) {
            positions.lock(connection, i);
        }
        return positions;
    }

    private void lock(Connection connection, int i) throws SQLException {
        PositionRange range = ranges.get(i);
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into position (source, key, value) values (?, ?, ?) on conflict do nothing")) {
            insert.setString(1, range.source());
            insert.setString(2, range.key());
            insert.setLong(3, range.from());
            insert.executeUpdate();
        }
        try (PreparedStatement select = connection.prepareStatement(
                "select value, done from position where source = ? and key = ? for update")) {
            select.setString(1, range.source());
            select.setString(2, range.key());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                values[i] = row.getLong(1);
                done[i] = row.getBoolean(2);
            }
        }
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
        for (int i = 0; i < ranges.size(); i++) {
            PositionRange range = ranges.get(i);
            try (PreparedStatement update = connection.prepareStatement(
                    """
                    update position set value = greatest(value, ?), done = done or ?, batch = ?, updated_at = now()
                     where source = ? and key = ?
                    """)) {
                update.setLong(1, range.to());
                update.setBoolean(2, range.last());
                update.setObject(3, batch == 0 ? null : batch, java.sql.Types.BIGINT);
                update.setString(4, range.source());
                update.setString(5, range.key());
                update.executeUpdate();
            }
            if (batch != 0) {
                try (PreparedStatement insert = connection.prepareStatement(
                        """
                        insert into batch_position (source, key, from_value, to_value, batch) values (?, ?, ?, ?, ?)
                        """)) {
                    insert.setString(1, range.source());
                    insert.setString(2, range.key());
                    insert.setLong(3, Math.max(values[i], range.from()));
                    insert.setLong(4, range.to());
                    insert.setLong(5, batch);
                    insert.executeUpdate();
                }
            }
        }
    }
}
