package org.caravan.ledger;

import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The states of a tenant's months: open -> closing -> closed. A month without a row is open; an expired {@code closing}
 * counts as open. Leases are set and judged by the database's clock alone: hubs whose clocks differ don't break each other's.
 *
 * <p>Every call takes many tenants in one statement, in order of their ids, so that two never wait for each other in a
 * circle.
 */
public final class MonthStates {
    private MonthStates() {}

    /**
     * Claims open months for the one who is going to issue them; what is claimed by the same owner already is claimed for
     * longer. A lease that ends later than two of them after each other would was given by a clock that was put back since,
     * and counts as expired.
     *
     * @param tenants ids
     * @return the tenants claimed; missing are those whose month is closed, or claimed by another whose lease still runs
     */
    public static Set<Integer> claim(
            Connection connection, Collection<Integer> tenants, YearMonth month, String owner, Duration lease)
            throws SQLException {
        String sql =
                """
                insert into month as m (tenant, month, state, owner, lease_until)
                select id, ?, 'closing', ?, clock_timestamp() + ? * interval '1 millisecond'
                  from unnest(?) as id order by id
                on conflict (tenant, month) do update
                   set state = 'closing', owner = excluded.owner, lease_until = excluded.lease_until
                 where m.state = 'open'
                    or m.state = 'closing'
                       and (m.owner = excluded.owner or m.lease_until <= clock_timestamp()
                            or m.lease_until > clock_timestamp() + 2 * ? * interval '1 millisecond')
                returning tenant
                """;
        Set<Integer> claimed = new HashSet<>();
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setDate(1, date(month));
            insert.setString(2, owner);
            insert.setLong(3, lease.toMillis());
            insert.setArray(4, ids(connection, tenants));
            insert.setLong(5, lease.toMillis());
            try (ResultSet row = insert.executeQuery()) {
                while (row.next()) {
                    claimed.add(row.getInt(1));
                }
            }
        }
        return claimed;
    }

    /** Gives claims back without closing; those that are not the owner's any more stay as they are. */
    public static void release(Connection connection, Collection<Integer> tenants, YearMonth month, String owner)
            throws SQLException {
        String sql = "delete from month where tenant = any (?) and month = ? and state = 'closing' and owner = ?";
        try (PreparedStatement delete = connection.prepareStatement(sql)) {
            delete.setArray(1, ids(connection, tenants));
            delete.setDate(2, date(month));
            delete.setString(3, owner);
            delete.executeUpdate();
        }
    }

    /**
     * Closes claimed months within the issue transaction, whose caller holds the tenants' buckets.
     *
     * @param documents by tenant id, the document that bears the month
     * @return false if a claim is not the owner's any more: roll back
     */
    public static boolean close(
            Connection connection, Map<Integer, Long> documents, YearMonth month, String owner, Instant now)
            throws SQLException {
        String sql =
                """
                update month m
                   set state = 'closed', owner = null, lease_until = null, document = c.document, closed_at = ?
                  from unnest(?, ?) as c (tenant, document)
                 where m.tenant = c.tenant and m.month = ? and m.state = 'closing' and m.owner = ?
                """;
        List<Map.Entry<Integer, Long>> entries = List.copyOf(documents.entrySet());
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setTimestamp(1, Timestamp.from(now));
            update.setArray(
                    2,
                    connection.createArrayOf(
                            "int4", entries.stream().map(Map.Entry::getKey).toArray()));
            update.setArray(
                    3,
                    connection.createArrayOf(
                            "int8", entries.stream().map(Map.Entry::getValue).toArray()));
            update.setDate(4, date(month));
            update.setString(5, owner);
            return update.executeUpdate() == documents.size();
        }
    }

    /** Of these tenants, those whose month another is closing now. */
    public static Set<Integer> closing(Connection connection, Collection<Integer> tenants, YearMonth month)
            throws SQLException {
        String sql =
                """
                select tenant from month
                 where tenant = any (?) and month = ? and state = 'closing' and lease_until > clock_timestamp()
                """;
        Set<Integer> closing = new HashSet<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setArray(1, ids(connection, tenants));
            select.setDate(2, date(month));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    closing.add(row.getInt(1));
                }
            }
        }
        return closing;
    }

    private static java.sql.Array ids(Connection connection, Collection<Integer> tenants) throws SQLException {
        return connection.createArrayOf("int4", tenants.toArray());
    }

    static Date date(YearMonth month) {
        return Date.valueOf(month.atDay(1));
    }
}
