package org.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.SortedMap;

/**
 * The lock that ingest, close, re-rating, ties and credit notes share: who writes or sums entries of a tenant holds the
 * row of its bucket until the end of the transaction.
 */
public final class Buckets {
    private Buckets() {}

    /**
     * Locks the rows in id order (so that no two holders wait for each other in a circle) and answers each one's epoch
     * as it is <em>after</em> the lock: the transaction must be READ COMMITTED.
     *
     * @return epoch by bucket id
     */
    public static SortedMap<Integer, Long> lock(Connection connection, Collection<Integer> ids) throws SQLException {
        throw new UnsupportedOperationException();
    }
}
