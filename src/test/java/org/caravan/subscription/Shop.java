package org.caravan.subscription;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.caravan.invoice.CloseOrder;
import org.caravan.invoice.ClosePolicy;
import org.caravan.invoice.CloseResult;
import org.caravan.invoice.CloseSettings;
import org.caravan.invoice.Closer;
import org.caravan.invoice.cost.CostPrices;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentJson;
import org.caravan.ledger.Ledger;
import org.caravan.ledger.LedgerSchema;
import org.caravan.ledger.LedgerSettings;
import org.caravan.metering.Meter;
import org.caravan.metering.Price;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;
import org.caravan.subscription.billing.BillingSettings;
import org.caravan.subscription.billing.PlanContracts;
import org.caravan.subscription.billing.SubscriptionAccounts;
import org.caravan.subscription.tie.Ties;
import org.caravan.testing.Database;

/** A real ledger with merchants, plans and customers, and usage that plans price. */
public final class Shop {
    public final DataSource dataSource = pooled();
    public final LedgerSchema.Identity identity = LedgerSchema.identify(dataSource, "test", "EUR", false);
    public final Now clock = new Now();
    public final Ledger ledger = new Ledger(dataSource, LedgerSettings.defaults(), clock);
    public final Ties ties = new Ties(dataSource, Duration.ofSeconds(30), clock);

    /** A clock that is set. */
    public static final class Now extends Clock {
        private volatile Instant now = Instant.parse("2026-10-01T00:00:00Z");

        public void at(String time) {
            now = Instant.parse(time);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    /** A connection costs more than what is done with it here. */
    private static DataSource pooled() {
        HikariConfig config = new HikariConfig();
        config.setDataSource(Database.fresh());
        config.setMaximumPoolSize(8);
        config.setMinimumIdle(0);
        return new HikariDataSource(config);
    }

    public Shop() {
        execute("insert into currency (name, title) values ('eur', 'Euro'), ('usd', 'US Dollar'), ('jpy', 'Yen')"
                + " on conflict do nothing");
        execute("insert into language (name, title) values ('en', 'English') on conflict do nothing");
        merchant("m1", "eur");
    }

    public void merchant(String id, String currency) {
        execute(
                "insert into merchant (id, name, currency, language, created_at, updated_at)"
                        + " values (?, ?, ?, 'en', now(), now())",
                id,
                id,
                currency);
    }

    /** A customer of merchant m1; its account is {@code m1/ID}. */
    public void customer(String id, String currency) {
        customer("m1", id, currency);
    }

    public void customer(String merchant, String id, String currency) {
        execute(
                "insert into customer (id, merchant_id, name, title, currency, language, account, created_at, updated_at)"
                        + " values (?, ?, ?, ?, ?, 'en', ?, now(), now())",
                id,
                merchant,
                id,
                "Customer " + id,
                currency,
                merchant + "/" + id);
    }

    /** A plan with one product for each pair of name and pricing (JSON, or null for the product's, which is {@code []}). */
    public void plan(String id, String... items) {
        planOf("m1", id, items);
    }

    public void planOf(String merchant, String id, String... items) {
        execute(
                "insert into plan (id, merchant_id, name, title, created_at, updated_at) values (?, ?, ?, ?, now(), now())",
                id,
                merchant,
                id,
                "Plan " + id);
        for (int i = 0; i < items.length; i += 2) {
            execute(
                    "insert into product (id, merchant_id, name, title, created_at, updated_at)"
                            + " values (?, ?, ?, ?, now(), now()) on conflict do nothing",
                    merchant + "." + items[i],
                    merchant,
                    items[i],
                    "The " + items[i]);
            execute(
                    "insert into plan_item (plan_id, product_id, pricing, created_at, updated_at)"
                            + " values (?, ?, ?::jsonb, now(), now())",
                    id,
                    merchant + "." + items[i],
                    items[i + 1]);
        }
    }

    public void productPricing(String product, String pricing) {
        execute("update product set pricing = ?::jsonb where id = ?", pricing, "m1." + product);
    }

    /** A subscription of merchant m1's, made at a time of day; billed on the 1st. */
    public void subscription(String id, String customer, String plan, String created) {
        subscription("m1", id, customer, plan, created, 1);
    }

    public void subscription(String merchant, String id, String customer, String plan, String created, int day) {
        execute(
                "insert into subscription (id, merchant_id, customer_id, plan_id, billing_day, created_at, updated_at)"
                        + " values (?, ?, ?, ?, ?, ?, now())",
                id,
                merchant,
                customer,
                plan,
                (short) day,
                at(created));
    }

    /** Ties it to a tenant. */
    public void tie(String subscription, String tenant) {
        try {
            ties.tie(subscription, "default", Ties.TENANT, tenant);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public void end(String subscription, String time) {
        clock.at(time);
        try {
            ties.end(subscription);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An hour's record of a product, to be priced by plan; its meter is {@code meter}. */
    public void use(String tenant, String product, String begin, String quantity) {
        use(tenant, product, begin, quantity, new Price("", List.of("plan"), null, true), BigDecimal.ZERO);
    }

    /** The same, priced as it comes in. */
    public void usePriced(String tenant, String product, String begin, String quantity, String unitPrice) {
        BigDecimal price = new BigDecimal(unitPrice);
        use(
                tenant,
                product,
                begin,
                quantity,
                new Price("test", List.of("flat"), price, true),
                price.multiply(new BigDecimal(quantity)));
    }

    private void use(String tenant, String product, String begin, String quantity, Price price, BigDecimal amount) {
        UsageBatch batch = new UsageBatch(1);
        batch.startPricing();
        long from = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(begin));
        UsageKey key = new UsageKey(
                "default", tenant, "north", "vm-" + product, Meter.unlisted("meter"), "hour", Map.of(), product, "");
        int row = batch.add(key, new BigDecimal(quantity), from, from + 3_600_000_000L, -1);
        batch.price(row, price, amount);
        try {
            ledger.commit(batch);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public Closer closer() {
        return closer(BillingSettings.defaults(), AccountProfiles.none());
    }

    public Closer closer(BillingSettings settings, AccountProfiles file) {
        return new Closer(
                dataSource,
                identity,
                new SubscriptionAccounts(file, settings, "EUR"),
                new PlanContracts(settings, "EUR"),
                Map.of(),
                CloseSettings.defaults(),
                ClosePolicy.defaults(),
                List.of(),
                CostPrices.none(),
                clock);
    }

    /** Closes a month for some accounts, over nothing that holds it. */
    public CloseResult close(String month, String... accounts) {
        return close(closer(), month, accounts);
    }

    public CloseResult close(Closer closer, String month, String... accounts) {
        try {
            return closer.close(CloseOrder.of(YearMonth.parse(month)).only(Set.of(accounts)), issued -> {});
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The documents of an account, the oldest first. */
    public List<Document> documents(String account) {
        return rows("select body from document where account = '" + account + "' order by id").stream()
                .map(body -> DocumentJson.read(body.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    /** Lines of an account's documents: label or product, quantity, unit, price, amount. */
    public List<String> lines(String account) {
        return documents(account).stream()
                .flatMap(document -> document.sections().stream())
                .flatMap(section -> section.lines().stream())
                .map(Shop::line)
                .toList();
    }

    public static String line(Document.Line line) {
        return (line.label() == null ? line.product() : line.label()) + " | "
                + line.quantity().toPlainString() + " " + line.unit() + " | "
                + (line.unitPrice() == null ? "-" : line.unitPrice().toPlainString())
                + (line.effective() ? "~" : "") + " | "
                + line.amount().toPlainString()
                + (line.usageMonth() == null ? "" : " | of " + line.usageMonth())
                + (line.unpriced() ? " | unpriced" : "");
    }

    public static OffsetDateTime at(String time) {
        return Instant.parse(time).atOffset(ZoneOffset.UTC);
    }

    /** The rows of a query, columns joined by a blank. */
    public List<String> rows(String sql) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                List<String> columns = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    columns.add(String.valueOf(row.getString(i)));
                }
                rows.add(String.join(" ", columns));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public void execute(String sql, Object... values) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
