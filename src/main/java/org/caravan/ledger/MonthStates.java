package org.caravan.ledger;

import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
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
        String sql =
                """
                insert into month as m (tenant, month, state, owner, lease_until) values (?, ?, 'closing', ?, ?)
                on conflict (tenant, month) do update
                   set state = 'closing', owner = excluded.owner, lease_until = excluded.lease_until
                 where m.state = 'open'
                    or m.state = 'closing' and (m.owner = excluded.owner or m.lease_until < ?)
                """;
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setInt(1, tenant.id());
            insert.setDate(2, date(month));
            insert.setString(3, owner);
            insert.setTimestamp(4, Timestamp.from(now.plus(lease)));
            insert.setTimestamp(5, Timestamp.from(now));
            return insert.executeUpdate() == 1;
        }
    }

    /** Gives a claim back without closing; does nothing if the claim is not the owner's any more. */
    public static void release(Connection connection, TenantRef tenant, YearMonth month, String owner)
            throws SQLException {
        String sql =
                """
                update month set state = 'open', owner = null, lease_until = null
                 where tenant = ? and month = ? and state = 'closing' and owner = ?
                """;
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setInt(1, tenant.id());
            update.setDate(2, date(month));
            update.setString(3, owner);
            update.executeUpdate();
        }
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
        String sql =
                """
                update month set state = 'closed', owner = null, lease_until = null, document = ?, closed_at = ?
                 where tenant = ? and month = ? and state = 'closing' and owner = ?
                """;
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setObject(1, document, java.sql.Types.BIGINT);
            update.setTimestamp(2, Timestamp.from(now));
            update.setInt(3, tenant.id());
            update.setDate(4, date(month));
            update.setString(5, owner);
            return update.executeUpdate() == 1;
        }
    }

    static Date date(YearMonth month) {
        return Date.valueOf(month.atDay(1));
    }
}
