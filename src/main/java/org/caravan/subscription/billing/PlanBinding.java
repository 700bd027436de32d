package org.caravan.subscription.billing;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.caravan.invoice.IssuedDocument;
import org.caravan.invoice.contract.Binding;
import org.caravan.subscription.pricing.PriceRules;
import org.caravan.subscription.pricing.PriceRulesJson;

/** What an account's document freezes of its plans, and the state that it begins with. */
final class PlanBinding implements Binding {
    private static final String AGAIN = " was billed by another hub meanwhile; close once more";

    private final String account;
    private final Contract last;
    private final YearMonth month;
    private final Map<Contract, Boolean> months;
    private final List<Price> prices;
    private final Duration due;

    /**
     * A product's price in a month of use.
     *
     * @param before what earlier documents bear
     * @param quantity with this document
     * @param amount by volume, with this document
     */
    record Price(
            String subscription,
            String product,
            YearMonth month,
            PriceRules rules,
            ContractRows.Frozen before,
            BigDecimal quantity,
            BigDecimal amount) {}

    /** @param months subscriptions that the document bills this month of, and whether something fixed is charged for it */
    PlanBinding(
            String account,
            Contract last,
            YearMonth month,
            Map<Contract, Boolean> months,
            List<Price> prices,
            Duration due) {
        this.account = account;
        this.last = last;
        this.month = month;
        this.months = months;
        this.prices = prices.stream()
                .sorted(Comparator.comparing(Price::subscription)
                        .thenComparing(Price::product)
                        .thenComparing(Price::month))
                .toList();
        this.due = due;
    }

    @Override
    public String order() {
        return account;
    }

    @Override
    public String freeze(Connection connection, Instant now) throws SQLException {
        for (Map.Entry<Contract, Boolean> entry : months.entrySet()) {
            if (!take(connection, entry.getKey()) && entry.getValue()) {
                return month + " of subscription " + entry.getKey().id() + AGAIN;
            }
        }
        for (Price price : prices) {
            if (!freeze(connection, price, now)) {
                return "product " + price.product() + " of subscription " + price.subscription() + " in "
                        + price.month() + AGAIN;
            }
        }
        return null;
    }

    private boolean take(Connection connection, Contract contract) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into subscription_month (subscription_id, month, document_key, from_day, until_day)"
                        + " values (?, ?, '', ?, ?) on conflict do nothing")) {
            insert.setString(1, contract.id());
            insert.setObject(2, month.atDay(1));
            insert.setObject(3, contract.from(month));
            insert.setObject(4, contract.until(month));
            return insert.executeUpdate() == 1;
        }
    }

    /** The update changes nothing where another document came in between: then no row comes back. */
    private static boolean freeze(Connection connection, Price price, Instant now) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into plan_price as p (subscription_id, product_id, usage_month, pricing, quantity, amount, frozen_at)
                values (?, ?, ?, ?::jsonb, ?, ?, ?)
                    on conflict (subscription_id, product_id, usage_month) do update
                       set quantity = excluded.quantity, amount = excluded.amount
                     where p.quantity = ? and p.amount = ? and p.pricing = excluded.pricing
                returning 1
                """)) {
            insert.setString(1, price.subscription());
            insert.setString(2, price.product());
            insert.setDate(3, Date.valueOf(price.month().atDay(1)));
            insert.setString(4, PriceRulesJson.write(price.rules()).toString());
            insert.setBigDecimal(5, price.quantity());
            insert.setBigDecimal(6, price.amount());
            insert.setObject(7, at(now));
            insert.setBigDecimal(8, price.before().quantity());
            insert.setBigDecimal(9, price.before().amount());
            try (ResultSet row = insert.executeQuery()) {
                return row.next();
            }
        }
    }

    @Override
    public void issued(Connection connection, IssuedDocument document, Instant now) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update subscription_month set document_key = ? where month = ? and subscription_id = any (?)"
                        + " and document_key = ''")) {
            update.setString(1, document.key());
            update.setObject(2, month.atDay(1));
            update.setArray(
                    3,
                    connection.createArrayOf(
                            "text", months.keySet().stream().map(Contract::id).toArray()));
            update.executeUpdate();
        }
        MerchantInvoices.begin(connection, last.merchant(), last.customer(), document.key(), now.plus(due), now);
    }

    static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
