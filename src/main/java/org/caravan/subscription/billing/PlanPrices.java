package org.caravan.subscription.billing;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.caravan.metering.Bands;
import org.caravan.subscription.pricing.PriceRules;

/**
 * The rules by which a customer's documents were priced: those that are frozen for the month of use, else those of today. To
 * be shown; what they came to stands in the document.
 */
public final class PlanPrices {
    private static final String NOTE = "subscription ";
    private static final PlanPrices NONE = new PlanPrices();

    private record Key(String subscription, String product) {}

    private final Map<Key, Map<YearMonth, PriceRules>> frozen = new HashMap<>();
    private final Map<Key, PriceRules> today = new HashMap<>();

    /** Subscriptions, the longest id first: one may begin with another. */
    private final TreeMap<String, Boolean> subscriptions =
            new TreeMap<>(Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    private PlanPrices() {}

    public static PlanPrices none() {
        return NONE;
    }

    /** True if a line may have been priced by a plan. */
    public static boolean concerns(String note) {
        return note != null && note.startsWith(NOTE);
    }

    /** Those of all subscriptions of a customer. */
    public static PlanPrices of(Connection connection, String customer) throws SQLException {
        String sql =
                """
                select c.id, i.name, null::date, i.pricing from contract c join contract_item i on i.plan_id = c.plan_id
                 where c.customer_id = ?
                union all
                select s.id, p.name, f.usage_month, f.pricing
                  from subscription s join plan_price f on f.subscription_id = s.id join product p on p.id = f.product_id
                 where s.customer_id = ?
                """;
        PlanPrices prices = new PlanPrices();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, customer);
            select.setString(2, customer);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    prices.add(
                            new Key(row.getString(1), row.getString(2)),
                            row.getObject(3, LocalDate.class),
                            row.getString(4));
                }
            }
        }
        return prices;
    }

    private void add(Key key, LocalDate month, String pricing) {
        PriceRules rules;
        try {
            rules = ContractRows.rules(pricing);
        } catch (IllegalArgumentException e) {
            // it prices nothing as long as it can't be read
            return;
        }
        subscriptions.put(key.subscription(), true);
        if (month == null) {
            today.put(key, rules);
        } else {
            frozen.computeIfAbsent(key, k -> new HashMap<>()).put(YearMonth.from(month), rules);
        }
    }

    /**
     * What priced a line.
     *
     * @param byTime price per unit by the time of the day, beside that by volume
     */
    public record Found(PriceRules rules, BigDecimal byTime) {}

    /**
     * The rules that priced a line.
     *
     * @param note of the line, which names the subscription
     * @param product of the line
     * @param month of use
     * @return empty if no plan did, or not by what is kept
     */
    public Optional<Found> of(String note, String product, YearMonth month) {
        try {
            return rules(note, product, month).map(rules -> new Found(rules, rules.byTime(Bands.part(product))));
        } catch (IllegalArgumentException e) {
            // the plan was changed since the document was made
            return Optional.empty();
        }
    }

    private Optional<PriceRules> rules(String note, String product, YearMonth month) {
        if (!concerns(note)) {
            return Optional.empty();
        }
        String said = note.substring(NOTE.length());
        for (String subscription : subscriptions.keySet()) {
            boolean named = said.startsWith(subscription)
                    && (said.length() == subscription.length()
                            || ",;".indexOf(said.charAt(subscription.length())) >= 0);
            if (named) {
                return find(subscription, product, month)
                        .or(() -> Bands.part(product).flatMap(part -> find(subscription, part.product(), month)));
            }
        }
        return Optional.empty();
    }

    private Optional<PriceRules> find(String subscription, String product, YearMonth month) {
        Key key = new Key(subscription, product);
        PriceRules rules = frozen.getOrDefault(key, Map.of()).get(month);
        return Optional.ofNullable(rules != null ? rules : today.get(key));
    }
}
