package org.caravan.invoice;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import javax.sql.DataSource;

/** Ends the leases that a killed process left behind, for a hub that knows itself to be alone. */
public final class Leases {
    private Leases() {}

    /**
     * Lets every lease of closing, fan-out and delivery lapse now, so that a start after a kill need not wait for them. Only for the
     * process that holds the data directory's lock, before its routes start: beside a living hub it would break leases
     * whose attempts still run.
     */
    public static void lapseAll(DataSource dataSource, Clock clock) throws SQLException {
        Transactions.call(dataSource, connection -> {
            OffsetDateTime now = SqlTime.at(clock.instant());
            lapse(connection, "month", now);
            lapse(connection, "outbox", now);
            lapse(connection, "delivery", now);
            return null;
        });
    }

    private static void lapse(Connection connection, String table, OffsetDateTime now) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("update " + table + " set lease_until = ? where lease_until > ?")) {
            update.setObject(1, now);
            update.setObject(2, now);
            update.executeUpdate();
        }
    }
}
