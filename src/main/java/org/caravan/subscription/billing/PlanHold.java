package org.caravan.subscription.billing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.caravan.invoice.hold.Hold;
import org.caravan.invoice.hold.HoldRule;
import org.caravan.invoice.hold.HoldScope;
import org.caravan.ledger.TenantRef;

/** Usage that a plan should price, on days that no subscription of its tenant holds. */
record PlanHold() implements HoldRule {
    private static final String WITHOUT =
            """
            select t.id, t.realm, t.name, t.bucket, min(p.value), min(s.usage_day), max(s.usage_day)
              from (select tenant, product, price_id, usage_day from rollup where billing_month = '%1$s' %2$s
                    union
                    select tenant, product, price_id, usage_day from entry where billing_month = '%1$s' %2$s
                       and batch in (select id from batch where rolled_at is null)) s
              join tenant t on t.id = s.tenant
              join term p on p.id = s.product
             where s.price_id in (select id from price where 'plan' = any (rules))
               and not exists (select from month m
                                where m.tenant = s.tenant and m.month = '%1$s' and m.state = 'closed')
               and not exists (select from contract c
                                where c.realm = t.realm and c.tenant = t.name and c.from_day <= s.usage_day
                                  and (c.until_day is null or s.usage_day < c.until_day))
             group by t.id, t.realm, t.name, t.bucket
             order by t.realm collate "C", t.name collate "C"
            """;

    @Override
    public List<Hold> find(Connection connection, HoldScope scope) throws SQLException {
        if (!any(connection)) {
            return List.of();
        }
        List<Hold> holds = new ArrayList<>();
        String sql = WITHOUT.formatted(scope.month().atDay(1), scope.tenants().condition("tenant"));
        try (PreparedStatement select = connection.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                TenantRef tenant = new TenantRef(row.getInt(1), row.getString(2), row.getString(3), row.getInt(4));
                holds.add(new Hold(
                        "plan",
                        true,
                        tenant,
                        "tenant " + tenant.name() + " has usage from " + row.getString(6) + " to " + row.getString(7)
                                + " that a plan should price (product " + row.getString(5)
                                + ") and no subscription for it",
                        "tie it to one, or let it be billed as 0 with --force"));
            }
        }
        return holds;
    }

    private static boolean any(Connection connection) throws SQLException {
        try (PreparedStatement select =
                        connection.prepareStatement("select exists (select from price where 'plan' = any (rules))");
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
