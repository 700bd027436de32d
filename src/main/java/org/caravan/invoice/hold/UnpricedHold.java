package org.caravan.invoice.hold;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.caravan.ledger.TenantRef;

/**
 * Usage that nothing priced and that would be billed as 0. What re-rating took back from an issued month is no part of it: it
 * would else hide as much of this month's own.
 */
public record UnpricedHold() implements HoldRule {
    private static final String UNPRICED =
            """
            select t.id, t.realm, t.name, t.bucket, sum(s.records)::bigint, min(p.value)
              from (select tenant, product, sum(records) as records
                      from (select tenant, product, kind, usage_day, price_id, records
                              from rollup where billing_month = '%1$s' %2$s
                            union all
                            select tenant, product, kind, usage_day, price_id, records
                              from entry where billing_month = '%1$s' %2$s
                               and batch in (select id from batch where rolled_at is null)) part
                      join price on price.id = part.price_id and not price.priced
                     group by tenant, product, kind = 4, date_trunc('month', usage_day)
                    having sum(records) > 0) s
              join tenant t on t.id = s.tenant
              join term p on p.id = s.product
             where not exists (select from month m
                                where m.tenant = s.tenant and m.month = '%1$s' and m.state = 'closed')
             group by t.id, t.realm, t.name, t.bucket
             order by t.realm collate "C", t.name collate "C"
            """;

    @Override
    public List<Hold> find(Connection connection, HoldScope scope) throws SQLException {
        List<Hold> holds = new ArrayList<>();
        String sql = UNPRICED.formatted(scope.month().atDay(1), scope.tenants().condition("tenant"));
        try (PreparedStatement select = connection.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                TenantRef tenant = new TenantRef(row.getInt(1), row.getString(2), row.getString(3), row.getInt(4));
                holds.add(new Hold(
                        "unpriced",
                        true,
                        tenant,
                        "tenant " + tenant.name() + " has usage of " + scope.month()
                                + " without a price, which would be billed as 0 (product " + row.getString(6)
                                + "; records: " + row.getLong(5) + ")",
                        "accept it with --force, or set caravan.close.unpriced=allow"));
            }
        }
        return holds;
    }
}
