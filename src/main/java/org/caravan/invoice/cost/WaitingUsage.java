package org.caravan.invoice.cost;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.caravan.invoice.hold.HoldScope;
import org.caravan.ledger.TenantChoice;
import org.caravan.ledger.TenantRef;
import org.caravan.rating.ModuleChain;

/** Usage in the ledger that waits for its price until its month closes. */
final class WaitingUsage {
    private static final String LINES =
            """
            (select tenant, datacenter, product, unit, price_id, usage_day from rollup where billing_month = '%1$s' %2$s
             union all
             select tenant, datacenter, product, unit, price_id, usage_day from entry where billing_month = '%1$s' %2$s
                and batch in (select id from batch where rolled_at is null))""";

    private static final String OPEN =
            "not exists (select from month m where m.tenant = s.tenant and m.month = '%1$s' and m.state = 'closed')";

    private static final String WAITING =
            "price_id in (select id from price where '" + ModuleChain.COST + "' = any (rules))";

    private WaitingUsage() {}

    /** A product of a tenant. */
    record Line(TenantRef tenant, CostKey key, String unit) {}

    /** True if any usage, of whatever month, is priced so: few ledgers have some, and then nothing else is asked. */
    static boolean any(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                        "select exists (select from price where '" + ModuleChain.COST + "' = any (rules))");
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /** The months of use of what waits of some tenants in a billing month. */
    static Set<YearMonth> months(Connection connection, YearMonth month, TenantChoice tenants) throws SQLException {
        String sql = "select distinct date_trunc('month', usage_day)::date from " + LINES + " s where " + WAITING
                + " and " + OPEN;
        try (PreparedStatement select =
                        connection.prepareStatement(sql.formatted(month.atDay(1), tenants.condition("tenant")));
                ResultSet row = select.executeQuery()) {
            Set<YearMonth> months = new TreeSet<>();
            while (row.next()) {
                months.add(YearMonth.from(row.getDate(1).toLocalDate()));
            }
            return months;
        }
    }

    /** What waits, by tenant in order of realm and name. */
    static List<Line> of(Connection connection, HoldScope scope) throws SQLException {
        String sql =
                "select t.id, t.realm, t.name, t.bucket, d.value, p.value, u.value, s.month from (select distinct tenant,"
                        + " datacenter, product, unit, date_trunc('month', usage_day)::date as month from " + LINES
                        + " s where "
                        + WAITING + " and " + OPEN
                        + ") s join tenant t on t.id = s.tenant join term d on d.id = s.datacenter"
                        + " join term p on p.id = s.product join term u on u.id = s.unit"
                        + " order by t.realm collate \"C\", t.name collate \"C\", t.id, d.value, p.value, u.value, s.month";
        try (PreparedStatement select = connection.prepareStatement(
                        sql.formatted(scope.month().atDay(1), scope.tenants().condition("tenant")));
                ResultSet row = select.executeQuery()) {
            List<Line> lines = new ArrayList<>();
            while (row.next()) {
                lines.add(new Line(
                        new TenantRef(row.getInt(1), row.getString(2), row.getString(3), row.getInt(4)),
                        new CostKey(YearMonth.from(row.getDate(8).toLocalDate()), row.getString(5), row.getString(6)),
                        row.getString(7)));
            }
            return lines;
        }
    }
}
