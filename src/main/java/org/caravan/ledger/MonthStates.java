package org.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;

/**
 * The states of a tenant's months: open -> closing -> closed. A month without a row is open; an expired {@code closing}
 * counts as open.
 */
public final class MonthStates {
    private MonthStates() {}

    /**
     * Claims an open month for the one who is going to issue it.
     *
     * @return false if it is closed, or claimed by another whose lease still runs
     */
    public static boolean claim(
            Connection connection, TenantRef tenant, YearMonth month, String owner, Instant now, Duration lease)
            throws SQLException {
        throw new UnsupportedOperationException();
    }

    /** Gives a claim back without closing; does nothing if the claim is not the owner's any more. */
    public static void release(Connection connection, TenantRef tenant, YearMonth month, String owner)
            throws SQLException {
        throw new UnsupportedOperationException();
    }

    /**
     * Closes a claimed month within the issue transaction, whose caller holds the tenant's bucket.
     *
     * @param document id of the document that bears it, or null where nothing was to be billed
     * @return false if the claim is not the owner's any more: roll back
     */
    public static boolean close(
            Connection connection, TenantRef tenant, YearMonth month, String owner, Long document, Instant now)
            throws SQLException {
        throw new UnsupportedOperationException();
    }
}
