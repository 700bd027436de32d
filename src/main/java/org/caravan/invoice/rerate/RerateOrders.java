package org.caravan.invoice.rerate;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravan.invoice.SqlTime;
import org.caravan.ledger.RerateBatches;
import org.caravan.ledger.RerateSums;
import org.caravan.ledger.TenantRef;

/** The tables {@code rerating} and {@code rerating_tenant}. Leases are set and judged by the database's clock. */
final class RerateOrders {
    private static final String COLUMNS =
            """
            id, kind, from_at, until_at, reason, state, owner, tariff, done_through, pass_through, cursor_at, cursor_batch
            """;

    private RerateOrders() {}

    /** One who makes orders holds this until the end of the transaction, so that none is made beside another's back. */
    static void lockForNew(Connection connection) throws SQLException {
        try (PreparedStatement lock =
                connection.prepareStatement("select pg_advisory_xact_lock(hashtext('caravan.rerating'))")) {
            lock.execute();
        }
    }

    static long insert(
            Connection connection,
            RerateKind kind,
            Instant from,
            Instant until,
            String reason,
            String createdBy,
            Instant createdAt)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into rerating (kind, from_at, until_at, reason, created_by, created_at)
                values (?, ?, ?, ?, ?, ?) returning id
                """)) {
            insert.setString(1, kind.code());
            insert.setObject(2, SqlTime.at(from));
            insert.setObject(3, until == null ? null : SqlTime.at(until));
            insert.setString(4, reason);
            insert.setString(5, createdBy);
            insert.setObject(6, SqlTime.at(createdAt));
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** @param once see the table; null where an order may be repeated */
    static void insertTenants(Connection connection, long order, Collection<TenantRef> tenants, String once)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into rerating_tenant (rerating, tenant, once) select ?, t, ? from unnest(?) as u (t)")) {
            insert.setLong(1, order);
            insert.setString(2, once);
            insert.setArray(3, connection.createArrayOf("int4", RerateTenants.ids(tenants)));
            insert.executeUpdate();
        }
    }

    static Optional<RerateOrder> find(Connection connection, long id) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select " + COLUMNS + " from rerating where id = ?")) {
            select.setLong(1, id);
            return one(select);
        }
    }

    /** As {@link #find}, holding the row until the end of the transaction. */
    static RerateOrder lock(Connection connection, long id) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select " + COLUMNS + " from rerating where id = ? for update")) {
            select.setLong(1, id);
            return one(select).orElseThrow();
        }
    }

    private static Optional<RerateOrder> one(PreparedStatement select) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(order(row)) : Optional.empty();
        }
    }

    private static RerateOrder order(ResultSet row) throws SQLException {
        row.getLong("pass_through");
        RerateBatches.Place place = row.wasNull()
                ? null
                : new RerateBatches.Place(
                        row.getLong("done_through"),
                        row.getLong("pass_through"),
                        SqlTime.instant(row, "cursor_at"),
                        row.getLong("cursor_batch"));
        return new RerateOrder(
                row.getLong("id"),
                RerateKind.of(row.getString("kind")),
                SqlTime.instant(row, "from_at"),
                SqlTime.instant(row, "until_at"),
                row.getString("reason"),
                row.getString("state"),
                row.getString("owner"),
                row.getString("tariff"),
                place);
    }

    /** The orders that a hub may work on by itself now, the oldest first. */
    static List<Long> due(Connection connection) throws SQLException {
        List<Long> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                        """
                        select id from rerating
                         where state in ('pending', 'running') and kind <> 'correction'
                           and (lease_until is null or lease_until <= clock_timestamp()) order by id
                        """);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                found.add(row.getLong(1));
            }
        }
        return found;
    }

    static List<TenantRef> tenants(Connection connection, long order) throws SQLException {
        List<TenantRef> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                """
                select t.id, t.realm, t.name, t.bucket from rerating_tenant r join tenant t on t.id = r.tenant
                 where r.rerating = ? order by t.id
                """)) {
            select.setLong(1, order);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new TenantRef(row.getInt(1), row.getString(2), row.getString(3), row.getInt(4)));
                }
            }
        }
        return found;
    }

    // ---- work ----------------------------------------------------------------------------------------------------

    /** Takes the order, or takes it for longer; false if it is another's whose lease runs, or ended. */
    static boolean claim(Connection connection, long order, String owner, Duration lease) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                update rerating set state = 'running', owner = ?,
                                    lease_until = clock_timestamp() + ? * interval '1 millisecond'
                 where id = ? and state in ('pending', 'running')
                   and (owner is null or owner = ? or lease_until is null or lease_until <= clock_timestamp())
                """)) {
            update.setString(1, owner);
            update.setLong(2, lease.toMillis());
            update.setLong(3, order);
            update.setString(4, owner);
            return update.executeUpdate() == 1;
        }
    }

    /** Begins a pass over the batches above one id up to another. */
    static void beginPass(Connection connection, long order, String tariff, long above, long through)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                update rerating set tariff = ?, done_through = ?, pass_through = ?, cursor_at = null, cursor_batch = null
                 where id = ?
                """)) {
            update.setString(1, tariff);
            update.setLong(2, above);
            update.setLong(3, through);
            update.setLong(4, order);
            update.executeUpdate();
        }
    }

    /** All records are going to be looked at anew: what was billed before the order is what is billed less the difference. */
    static void forgetLooks(Connection connection, long order) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                update rerating_tenant set records = 0, before = -difference, after = 0, unratable = 0, credited = 0, issued = 0
                 where rerating = ?
                """)) {
            update.setLong(1, order);
            update.executeUpdate();
        }
    }

    static void advance(Connection connection, long order, RerateBatches.Place place, Duration lease)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                update rerating set cursor_at = ?, cursor_batch = ?, last_error = null, last_error_at = null,
                                    lease_until = clock_timestamp() + ? * interval '1 millisecond'
                 where id = ?
                """)) {
            update.setObject(1, SqlTime.at(place.at()));
            update.setLong(2, place.batch());
            update.setLong(3, lease.toMillis());
            update.setLong(4, order);
            update.executeUpdate();
        }
    }

    static void add(Connection connection, long order, Map<Integer, RerateSums> sums) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                update rerating_tenant
                   set records = records + ?, changed = changed + ?, before = before + ?, after = after + ?,
                       difference = difference + ?, unratable = unratable + ?, credited = credited + ?, issued = issued + ?
                 where rerating = ? and tenant = ?
                """)) {
            for (Map.Entry<Integer, RerateSums> one : sums.entrySet()) {
                RerateSums sum = one.getValue();
                update.setLong(1, sum.records());
                update.setLong(2, sum.changed());
                update.setBigDecimal(3, sum.before());
                update.setBigDecimal(4, sum.after());
                update.setBigDecimal(5, sum.difference());
                update.setLong(6, sum.unratable());
                update.setLong(7, sum.credited());
                update.setLong(8, sum.issued());
                update.setLong(9, order);
                update.setInt(10, one.getKey());
                update.addBatch();
            }
            update.executeBatch();
        }
    }

    static void end(Connection connection, long order, Instant now) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                update rerating set state = 'done', ended_at = ?, done_through = pass_through, owner = null, lease_until = null,
                                    last_error = null, last_error_at = null
                 where id = ?
                """)) {
            update.setObject(1, SqlTime.at(now));
            update.setLong(2, order);
            update.executeUpdate();
        }
    }

    /**
     * Gives the order back.
     *
     * @param failed true if trying again by itself is of no use; a correction is only ever tried again by a person
     */
    static void release(Connection connection, long order, String owner, String error, boolean failed, Instant now)
            throws SQLException {
        OffsetDateTime at = SqlTime.at(now);
        try (PreparedStatement update = connection.prepareStatement(
                """
                update rerating set owner = null, lease_until = null, last_error = ?, last_error_at = ?,
                                    state = case when ? and kind <> 'correction' then 'failed' else state end,
                                    ended_at = case when ? and kind <> 'correction' then ?::timestamptz end
                 where id = ? and owner = ?
                """)) {
            update.setString(1, error);
            update.setObject(2, error == null ? null : at);
            update.setBoolean(3, failed);
            update.setBoolean(4, failed);
            update.setObject(5, at);
            update.setLong(6, order);
            update.setString(7, owner);
            update.executeUpdate();
        }
    }
}
