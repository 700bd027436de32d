package org.caravan.subscription;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.caravan.invoice.SqlTime;
import org.caravan.invoice.Transactions;

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
                    select id, customer_id, plan_id, resource_id, tied_from, ended_at from subscription
                     where merchant_id = ? and resource_id is not null and resource_type = ?
                       and (?::text is null or customer_id = ?)
                    """;
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setString(1, scope.merchant());
                select.setString(2, Subscriptions.TENANT);
                select.setString(3, scope.customer());
                select.setString(4, scope.customer());
                List<Subscribed> found = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        found.add(new Subscribed(
                                row.getString(1),
                                row.getString(2),
                                row.getString(4),
                                SqlTime.instant(row, "tied_from"),
                                SqlTime.instant(row, "ended_at"),
                                products.getOrDefault(row.getString(3), Map.of())));
                    }
                }
                return found;
            }
        });
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
