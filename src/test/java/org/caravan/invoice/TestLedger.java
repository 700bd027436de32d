package org.caravan.invoice;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.ledger.Ledger;
import org.caravan.ledger.LedgerSchema;
import org.caravan.ledger.LedgerSchema.Identity;
import org.caravan.ledger.LedgerSettings;
import org.caravan.metering.Meter;
import org.caravan.metering.Price;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;
import org.caravan.testing.Database;

/** A real ledger in a database of its own, with usage put in through its front door. */
final class TestLedger {
    static final YearMonth MONTH = YearMonth.of(2026, 10);
    static final BigDecimal UNIT_PRICE = new BigDecimal("0.048");

    final DataSource dataSource;
    final Identity identity;
    final MovableClock clock = new MovableClock("2026-11-01T06:00:00Z");

    private final Ledger ledger;
    private final Price price = new Price("test", List.of("flat"), UNIT_PRICE, true);

    private TestLedger(boolean proforma) {
        this(Database.fresh(), proforma);
    }

    private TestLedger(DataSource dataSource, boolean proforma) {
        this.dataSource = dataSource;
        identity = LedgerSchema.identify(dataSource, "test", "EUR", proforma);
        ledger = new Ledger(dataSource, LedgerSettings.defaults(), clock);
    }

    static TestLedger invoicing() {
        return new TestLedger(false);
    }

    /** A ledger that is there already. */
    static TestLedger over(DataSource dataSource) {
        return new TestLedger(dataSource, false);
    }

    static TestLedger proforma() {
        return new TestLedger(true);
    }

    /** Bills an hour-long record of 100 units, 4.80 EUR, for each tenant. */
    void use(YearMonth month, int hour, List<String> tenants) {
        use(month, hour, tenants, price, UNIT_PRICE.multiply(new BigDecimal(100)));
    }

    /** The same record without anything that prices it. */
    void useUnpriced(YearMonth month, int hour, String... tenants) {
        use(month, hour, List.of(tenants), new Price("test", List.of(), BigDecimal.ZERO, false), BigDecimal.ZERO);
    }

    /** Bills an hour-long record that gets its price when the month closes, on top of an amount that it has already. */
    void useAtCost(
            YearMonth month, int hour, String tenant, String product, String unit, String quantity, String amount) {
        UsageBatch batch = new UsageBatch(1);
        batch.startPricing();
        Instant begin = month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant().plus(Duration.ofHours(hour));
        UsageKey key = new UsageKey(
                UsageKey.DEFAULT_REALM,
                tenant,
                "north",
                "vm-of-" + product,
                Meter.unlisted("instance"),
                unit,
                Map.of(),
                product,
                "");
        int row =
                batch.add(key, Long.parseLong(quantity), 0, micros(begin), micros(begin.plus(Duration.ofHours(1))), -1);
        BigDecimal already = new BigDecimal(amount);
        BigDecimal unitPrice = already.signum() == 0 ? null : already.divide(new BigDecimal(quantity));
        batch.price(row, new Price("test", List.of("cost"), unitPrice, true), already);
        try {
            ledger.commit(batch);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void use(YearMonth month, int hour, List<String> tenants, Price price, BigDecimal amount) {
        UsageBatch batch = new UsageBatch(tenants.size());
        batch.startPricing();
        Instant begin = month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant().plus(Duration.ofHours(hour));
        for (String tenant : tenants) {
            UsageKey key = new UsageKey(
                    UsageKey.DEFAULT_REALM,
                    tenant,
                    "north",
                    "vm-1",
                    Meter.unlisted("instance"),
                    "hour",
                    Map.of(),
                    "m1.small",
                    "");
            int row = batch.add(key, 100, 0, micros(begin), micros(begin.plus(Duration.ofHours(1))), -1);
            batch.price(row, price, amount);
        }
        try {
            ledger.commit(batch);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void use(String... tenants) {
        use(MONTH, 0, List.of(tenants));
    }

    Closer closer() {
        return closer(dataSource, AccountProfiles.none(), CloseSettings.defaults());
    }

    Closer closer(ClosePolicy policy, AccountProfiles profiles) {
        return new Closer(dataSource, identity, profiles, Map.of(), CloseSettings.defaults(), policy, List.of(), clock);
    }

    Closer closer(DataSource through, AccountProfiles profiles, CloseSettings settings) {
        return new Closer(through, identity, profiles, Map.of(), settings, clock);
    }

    /** Issues one document per tenant and answers them. */
    List<IssuedDocument> issued(String... tenants) throws SQLException {
        use(tenants);
        return closer().close(MONTH).issued();
    }

    /** The rows of a query, columns joined by a blank. */
    List<String> rows(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                List<String> columns = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    columns.add(row.getString(i));
                }
                rows.add(String.join(" ", columns.stream().map(String::valueOf).toList()));
            }
            return rows;
        }
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000;
    }
}
