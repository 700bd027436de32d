package org.caravan.invoice.rerate;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.caravan.invoice.SqlTime;

/**
 * How re-rating stands at one moment, for those who watch it.
 *
 * @param orders those that are not done, and those that failed and were not done by a later one since; the oldest first
 * @param left tenants of whom usage was left as it was, because its month was issued before its turn came, and not corrected
 *     since
 */
public record RerateStatus(List<Order> orders, long left) {
    private static final String ORDERS =
            """
            select o.id, o.kind, o.reason, o.from_at, o.until_at, o.state, count(r.tenant) as tenants, o.last_error,
                   o.created_at, o.lease_until > clock_timestamp() as held,
                   case when o.pass_through is not null then greatest(o.cursor_at, o.from_at) end as current
              from rerating o join rerating_tenant r on r.rerating = o.id
             where o.state in ('pending', 'running')
                or o.state = 'failed'
                   and not exists (select from rerating l join rerating_tenant t on t.rerating = l.id
                                    where l.id > o.id and l.state = 'done' and t.tenant = r.tenant and l.from_at <= o.from_at
                                      and coalesce(l.until_at, 'infinity') >= coalesce(o.until_at, 'infinity'))
             group by o.id order by o.id
            """;

    private static final String LEFT =
            """
            select count(distinct r.tenant) from rerating o join rerating_tenant r on r.rerating = o.id
             where o.state = 'done' and r.issued > 0
               and not exists (select from rerating c join rerating_tenant t on t.rerating = c.id
                                where c.kind = 'correction' and c.id > o.id and t.tenant = r.tenant)
            """;

    public RerateStatus {
        orders = List.copyOf(orders);
    }

    /**
     * An order.
     *
     * @param until null for no end
     * @param state {@code pending}, {@code running} or {@code failed}
     * @param tenants how many
     * @param held true if somebody works on it now
     * @param current usage before it is re-rated; null before the work began
     * @param error why it failed, or was interrupted last; else null
     */
    public record Order(
            long id,
            RerateKind kind,
            String reason,
            Instant from,
            Instant until,
            String state,
            long tenants,
            boolean held,
            Instant current,
            String error,
            Instant createdAt) {
        /** The order for people. */
        public String what() {
            return (kind == RerateKind.CORRECTION ? "the correction" : "the re-rating") + " of usage from " + from
                    + (until == null ? " on" : " to " + until) + " (" + reason + ")";
        }
    }

    /** Looks once. */
    public static RerateStatus read(Connection connection) throws SQLException {
        List<Order> orders = new ArrayList<>();
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(ORDERS)) {
            while (row.next()) {
                orders.add(new Order(
                        row.getLong("id"),
                        RerateKind.of(row.getString("kind")),
                        row.getString("reason"),
                        SqlTime.instant(row, "from_at"),
                        SqlTime.instant(row, "until_at"),
                        row.getString("state"),
                        row.getLong("tenants"),
                        row.getBoolean("held"),
                        SqlTime.instant(row, "current"),
                        row.getString("last_error"),
                        SqlTime.instant(row, "created_at")));
            }
        }
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(LEFT)) {
            row.next();
            return new RerateStatus(orders, row.getLong(1));
        }
    }
}
