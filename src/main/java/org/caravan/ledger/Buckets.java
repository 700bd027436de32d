package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The lock that ingest, close, re-rating, ties and credit notes share: who writes or sums entries of a tenant holds the
 * row of its bucket until the end of the transaction.
 */
public final class Buckets {
    private Buckets() {}

    /**
     * Locks the rows in id order (so that no two holders wait for each other in a circle) and answers each one's epoch
     * as it is <em>after</em> the lock: the transaction must be READ COMMITTED, as an older snapshot would show the
     * epoch from before the wait.
     *
     * @return epoch by bucket id
     */
    public static SortedMap<Integer, Long> lock(Connection connection, Collection<Integer> ids) throws SQLException {
        SortedMap<Integer, Long> epochs = new TreeMap<>();
        try (PreparedStatement select = connection.prepareStatement(
                "select id, epoch from bucket where id = any (?) order by id for no key update")) {
            select.setArray(1, connection.createArrayOf("int2", ids.toArray()));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    epochs.put(rows.getInt(1), rows.getLong(2));
                }
            }
        }
        return epochs;
    }

    /**
     * Says that something beside a batch changed what the sums of these buckets mean, such as a tie: a document that was
     * built before is built anew. The caller holds them. Hubs that remember them find nothing new in them.
     */
    public static void touch(Connection connection, Collection<Integer> ids) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update bucket set epoch = (select nextval('batch_id')) where id = any (?)")) {
            update.setArray(1, connection.createArrayOf("int2", ids.toArray()));
            update.executeUpdate();
        }
    }

    /** Says that a batch changed these buckets, which the caller holds. */
    static void raise(Connection connection, Collection<Integer> ids, long batch) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update bucket set epoch = ? where id = any (?)")) {
            update.setLong(1, batch);
            update.setArray(2, connection.createArrayOf("int2", ids.toArray()));
            update.executeUpdate();
        }
    }
}
