package org.caravan.subscription;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.caravan.invoice.Transactions;
import org.caravan.metering.UsageKey;

/** Which usage is which subscription's, for whoever reads usage. */
public final class SubscribedUsage {
    private final DataSource dataSource;

    public SubscribedUsage(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** All subscriptions within a scope that are tied to a tenant, ended ones included. */
    public List<Subscribed> of(Scope scope) throws SQLException {
        return Transactions.single(dataSource, connection -> {
            Map<String, Map<String, Subscribed.Sold>> products = products(connection, scope.merchant());
            String sql =
                    """
                    select id, customer_id, plan_id, tenant, from_day, until_day from contract
                     where merchant_id = ? and tenant is not null and realm = ? and (?::text is null or customer_id = ?)
                    """;
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setString(1, scope.merchant());
                select.setString(2, UsageKey.DEFAULT_REALM);
                select.setString(3, scope.customer());
                select.setString(4, scope.customer());
                List<Subscribed> found = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        found.add(new Subscribed(
                                row.getString(1),
                                row.getString(2),
                                row.getString(4),
                                start(row, "from_day"),
                                start(row, "until_day"),
                                products.getOrDefault(row.getString(3), Map.of())));
                    }
                }
                return found;
            }
        });
    }

    /** A day's first moment, or null. */
    private static Instant start(ResultSet row, String column) throws SQLException {
        LocalDate day = row.getObject(column, LocalDate.class);
        return day == null ? null : day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /** By plan what it sells. */
    private static Map<String, Map<String, Subscribed.Sold>> products(Connection connection, String merchant)
            throws SQLException {
        String sql =
                """
                select i.plan_id, p.name, p.id, p.properties ->> 'measure' from plan_item i join product p on p.id = i.product_id
                 where p.merchant_id = ?
                """;
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, merchant);
            Map<String, Map<String, Subscribed.Sold>> products = new HashMap<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    products.computeIfAbsent(row.getString(1), plan -> new HashMap<>())
                            .put(row.getString(2), new Subscribed.Sold(row.getString(3), row.getString(4)));
                }
            }
            return products;
        }
    }
}
