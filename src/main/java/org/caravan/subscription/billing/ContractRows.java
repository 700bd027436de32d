package org.caravan.subscription.billing;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.caravan.common.Json;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.subscription.pricing.PriceRules;
import org.caravan.subscription.pricing.PriceRulesJson;

/** Reads subscriptions as they are billed. */
final class ContractRows {
    private ContractRows() {}

    /** True if there is any: ledgers without merchants are asked nothing else. */
    static boolean any(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select exists (select from subscription)");
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static final String BEFORE =
            """
            select c.id, c.merchant_id, m.currency, c.customer_id, u.account, c.plan_id, coalesce(p.title, p.name),
                   c.billing_day, c.realm, c.tenant, coalesce(t.id, 0), c.from_day, c.until_day
              from contract c
              join merchant m on m.id = c.merchant_id
              join customer u on u.id = c.customer_id
              join plan p on p.id = c.plan_id
              left join tenant t on t.realm = c.realm and t.name = c.tenant
             where c.from_day < ? %s order by c.from_day, c.id
            """;

    /** Those of a customer, and whose else its tenants were. */
    private static final String OF_CUSTOMER =
            """
            and c.id in (select s.id from subscription s where s.customer_id = ?
                         union all
                         select o.id from subscription s
                           join subscription o on o.resource_id = s.resource_id and o.realm = s.realm
                          where s.customer_id = ?)
            """;

    /** All that began before the end of a month, those that end or ended included, the first to begin first. */
    static List<Contract> until(Connection connection, YearMonth month) throws SQLException {
        return read(connection, month, null);
    }

    /** The same of one customer, and of others as far as they have or had its tenants. */
    static List<Contract> ofCustomer(Connection connection, YearMonth month, String customer) throws SQLException {
        return read(connection, month, customer);
    }

    private static List<Contract> read(Connection connection, YearMonth month, String customer) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(BEFORE.formatted(customer == null ? "" : OF_CUSTOMER))) {
            select.setObject(1, month.plusMonths(1).atDay(1));
            if (customer != null) {
                select.setString(2, customer);
                select.setString(3, customer);
            }
            List<Contract> contracts = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String tenant = row.getString(10);
                    contracts.add(new Contract(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3).toUpperCase(java.util.Locale.ROOT),
                            row.getString(4),
                            row.getString(5),
                            row.getString(6),
                            row.getString(7),
                            row.getInt(8),
                            tenant == null ? null : AccountProfiles.tenantName(row.getString(9), tenant),
                            row.getInt(11),
                            row.getObject(12, LocalDate.class),
                            row.getObject(13, LocalDate.class)));
                }
            }
            return contracts;
        }
    }

    /**
     * Ids of tenants by their names as an accounts file has them, of those that no subscription was tied to before the end of a
     * month. Those without usage have none.
     */
    static Set<Integer> untied(Connection connection, YearMonth month, Set<String> names) throws SQLException {
        Set<Integer> ids = new HashSet<>();
        if (names.isEmpty()) {
            return ids;
        }
        // what stands behind the realm is the name, as it is where there is no realm
        Object[] plain = names.stream()
                .flatMap(name -> Stream.of(name, name.substring(name.indexOf('/') + 1)))
                .distinct()
                .toArray();
        try (PreparedStatement select = connection.prepareStatement("select t.id, t.realm, t.name from tenant t"
                + " where t.name = any (?) and not exists (select from contract c"
                + " where c.realm = t.realm and c.tenant = t.name and c.from_day < ?)")) {
            select.setArray(1, connection.createArrayOf("text", plain));
            select.setObject(2, month.plusMonths(1).atDay(1));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    if (names.contains(AccountProfiles.tenantName(row.getString(2), row.getString(3)))) {
                        ids.add(row.getInt(1));
                    }
                }
            }
        }
        return ids;
    }

    /** The products of plans, by plan and name. */
    static Map<String, Map<String, PlanItem>> items(Connection connection, Collection<String> plans)
            throws SQLException {
        Map<String, Map<String, PlanItem>> items = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement("select plan_id, product_id, name, title, pricing"
                + " from contract_item where plan_id = any (?) order by plan_id, name, product_id")) {
            select.setArray(1, connection.createArrayOf("text", plans.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    PlanItem item = item(row.getString(2), row.getString(3), row.getString(4), row.getString(5));
                    items.computeIfAbsent(row.getString(1), plan -> new LinkedHashMap<>())
                            .put(item.name(), item);
                }
            }
        }
        return items;
    }

    private static PlanItem item(String product, String name, String title, String pricing) {
        try {
            return new PlanItem(product, name, title, rules(pricing), null);
        } catch (IllegalArgumentException e) {
            return new PlanItem(product, name, title, PriceRules.NONE, e.getMessage());
        }
    }

    static PriceRules rules(String json) {
        try {
            return PriceRulesJson.read(Json.mapper().readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("stored prices are no JSON", e);
        }
    }

    /** The subscriptions of which a document bears a month, or that had nothing due in it. */
    static Set<String> billed(Connection connection, YearMonth month) throws SQLException {
        return billed(connection, month, null);
    }

    /** The same among some subscriptions; null = all. */
    static Set<String> billed(Connection connection, YearMonth month, Collection<String> among) throws SQLException {
        Set<String> billed = new HashSet<>();
        try (PreparedStatement select =
                connection.prepareStatement("select subscription_id from subscription_month where month = ?"
                        + (among == null ? "" : " and subscription_id = any (?)"))) {
            select.setObject(1, month.atDay(1));
            if (among != null) {
                select.setArray(2, connection.createArrayOf("text", among.toArray()));
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    billed.add(row.getString(1));
                }
            }
        }
        return billed;
    }

    /**
     * What documents bear of a subscription's product in a month of use.
     *
     * @param rules that hold for the month from the first document on
     */
    record Frozen(PriceRules rules, BigDecimal quantity, BigDecimal amount) {}

    /** Which frozen price. */
    record FrozenKey(String subscription, String product, YearMonth month) {}

    private static final String FROZEN =
            "select subscription_id, product_id, usage_month, pricing, quantity, amount from plan_price where ";

    /** All frozen prices of some months of use. */
    static Map<FrozenKey, Frozen> frozen(Connection connection, Collection<YearMonth> months) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(FROZEN + "usage_month = any (?)")) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "date",
                            months.stream()
                                    .map(month -> java.sql.Date.valueOf(month.atDay(1)))
                                    .toArray()));
            return frozen(select);
        }
    }

    /** All frozen prices of some subscriptions, whatever the month. */
    static Map<FrozenKey, Frozen> frozenOf(Connection connection, Collection<String> subscriptions)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(FROZEN + "subscription_id = any (?)")) {
            select.setArray(1, connection.createArrayOf("text", subscriptions.toArray()));
            return frozen(select);
        }
    }

    private static Map<FrozenKey, Frozen> frozen(PreparedStatement select) throws SQLException {
        Map<FrozenKey, Frozen> frozen = new HashMap<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                frozen.put(
                        new FrozenKey(
                                row.getString(1), row.getString(2), YearMonth.from(row.getObject(3, LocalDate.class))),
                        new Frozen(rules(row.getString(4)), row.getBigDecimal(5), row.getBigDecimal(6)));
            }
        }
        return frozen;
    }

    /** The months of use of what waits for a plan's price in a billing month. */
    static Set<YearMonth> waitingMonths(Connection connection, YearMonth month) throws SQLException {
        String sql =
                """
                select distinct date_trunc('month', usage_day)::date
                  from (select usage_day, price_id, tenant from rollup where billing_month = '%1$s'
                        union all
                        select usage_day, price_id, tenant from entry where billing_month = '%1$s'
                           and batch in (select id from batch where rolled_at is null)) s
                 where price_id in (select id from price where 'plan' = any (rules))
                """
                        .formatted(month.atDay(1));
        Set<YearMonth> months = new HashSet<>(Set.of(month));
        try (PreparedStatement select = connection.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                months.add(YearMonth.from(row.getObject(1, LocalDate.class)));
            }
        }
        return months;
    }
}
