package org.caravan.invoice;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * Leases of closing, fan-out and delivery are set and judged by the database's clock alone: hubs whose clocks differ can't break each other's, nor can one
 * that was frozen think that it still holds one.
 *
 * <p>When something is due, and what history says of it, is the injected clock's. There a clock that is wrong makes a
 * delivery early or late, never double.
 */
public final class Leases {
    /** SQL for the end of a lease that begins now; its parameter is the length in milliseconds. */
    static final String UNTIL = "clock_timestamp() + ? * interval '1 millisecond'";

    /** SQL for a row that nobody holds. */
    static final String FREE = "(lease_until is null or lease_until <= clock_timestamp())";

    private Leases() {}

    /**
     * Lets every lease of closing, fan-out, delivery and re-rating lapse now, so that a start after a kill need not wait for them. Only
     * for the process that holds the data directory's lock, before its routes start: beside a living hub it would break
     * leases whose attempts still run.
     */
    public static void lapseAll(DataSource dataSource) throws SQLException {
        Transactions.call(dataSource, connection -> {
            lapse(connection, "month");
            lapse(connection, "outbox");
            lapse(connection, "delivery");
            lapse(connection, "rerating");
            return null;
        });
    }

    private static void lapse(Connection connection, String table) throws SQLException {
        try (Statement update = connection.createStatement()) {
            update.executeUpdate(
                    "update " + table + " set lease_until = clock_timestamp() where lease_until > clock_timestamp()");
        }
    }
}
