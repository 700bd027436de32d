package org.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;

/** What goes with a portion of a re-rating within its transaction. */
public interface RerateStep {
    /**
     * First of all, before any bucket is locked.
     *
     * @return false if the portion is not to be done: it is another's now, or was done before
     */
    boolean begin(Connection connection) throws SQLException;

    /** What of these tenants' documents was credited; the caller holds their buckets. */
    BilledLine.Credited credited(Connection connection, Collection<Integer> tenants) throws SQLException;

    /**
     * Last of all.
     *
     * @param sums by tenant id, of tenants with records in the portion
     */
    void end(Connection connection, Map<Integer, RerateSums> sums) throws SQLException;
}
