package org.caravan.ledger;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.MeteringSettings;
import org.caravan.metering.Price;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageBatches;
import org.caravan.metering.UsageInput;
import org.caravan.testing.Database;

/** A ledger in a database of its own that usage is read into as text, so that quarantine keeps what a reader keeps. */
final class HeldUsage {
    static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    static final String METERS = "meters: {call: {identity: event}, paid: {pricing: given}, disk: {unit: GiB-hour}}";

    final DataSource database;
    final Quarantine quarantine;
    MeterCatalog meters = MeterCatalog.parse(METERS, "meters.yaml");
    BigDecimal unitPrice = new BigDecimal("0.0481");
    LedgerSettings settings = LedgerSettings.defaults();
    Ledger ledger;

    HeldUsage() {
        this(Database.fresh());
        LedgerSchema.identify(database, "test", "NZD", false);
    }

    HeldUsage(DataSource database) {
        this.database = database;
        this.quarantine = new Quarantine(database, CLOCK);
        this.ledger = new Ledger(database, settings, CLOCK);
    }

    /** Another hub on the same database. */
    HeldUsage otherHub() {
        return new HeldUsage(database);
    }

    HeldUsage otherHubWith(MeterCatalog catalog) {
        HeldUsage other = otherHub();
        other.meters = catalog;
        return other;
    }

    QuarantineRetry retry() {
        return new QuarantineRetry(database, ledger, reader(), CLOCK);
    }

    HeldReader reader() {
        return new HeldReader(MeteringSettings.defaults(), meters, CLOCK, this::rate);
    }

    /** One unit price for all; the record's own where its meter is priced so. */
    void rate(UsageBatch batch) {
        Price price = new Price("test", List.of("flat " + unitPrice), unitPrice, true);
        Price given = new Price("", List.of("given"), null, true);
        batch.startPricing();
        for (int row = 0; row < batch.size(); row++) {
            if (batch.isRejected(row)) {
                continue;
            }
            if (batch.key(row).meter().pricing().contains("given")) {
                batch.price(row, given, batch.givenPrice(row));
            } else {
                batch.price(row, price, unitPrice.multiply(batch.quantityValue(row)));
            }
        }
    }

    /** A line of usage by hours since the beginning of October, priced where {@code price} is not null. */
    static String line(
            String tenant, String resource, String meter, String quantity, String price, int hour, int hours) {
        return "{\"tenant\":\"" + tenant + "\",\"datacenter\":\"dc\",\"resource\":\"" + resource + "\",\"meter\":\""
                + meter + "\",\"quantity\":\"" + quantity + "\",\"unit\":\"hour\",\"begin\":\"" + at(hour)
                + "\",\"end\":\"" + at(hour + hours) + "\""
                + (price == null ? "" : ",\"price\":\"" + price + "\"") + "}";
    }

    static String line(String resource, String quantity, int hour, int hours) {
        return line("a", resource, "instance", quantity, null, hour, hours);
    }

    static Instant at(int hour) {
        return Instant.parse("2026-10-01T00:00:00Z").plus(Duration.ofHours(hour));
    }

    /** Reads lines of caravan-jsonl as one batch. */
    CommitResult read(String... lines) throws SQLException {
        return commit(UsageBatches.jsonl(input(lines), MeteringSettings.defaults(), meters, CLOCK));
    }

    /** Reads lines of caravan-csv, the first of which is the header, as one batch. */
    CommitResult readCsv(String... lines) throws SQLException {
        return commit(UsageBatches.csv(input(lines), MeteringSettings.defaults(), meters, CLOCK));
    }

    private static UsageInput input(String... lines) {
        return UsageInput.of(
                new java.io.ByteArrayInputStream(
                        (String.join("\n", lines) + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                "usage");
    }

    private CommitResult commit(UsageBatches batches) throws SQLException {
        try (batches) {
            UsageBatch batch = batches.next();
            rate(batch);
            return ledger.commit(batch);
        }
    }

    List<Long> heldIds() throws SQLException {
        return quarantine.list(QuarantineFilter.held(), 0, 10_000).stream()
                .map(QuarantineEntry::id)
                .toList();
    }

    /** The rows of a query, columns joined by a blank. */
    List<String> rows(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (row.next()) {
                List<String> columns = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    columns.add(String.valueOf(row.getString(i)));
                }
                found.add(String.join(" ", columns));
            }
            return found;
        }
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Quantity and amount of everything billed, without trailing zeros. */
    String billed() throws SQLException {
        return rows("select trim_scale(coalesce(sum(quantity), 0)), trim_scale(coalesce(sum(amount), 0)) from entry")
                .get(0);
    }

    void close(String tenant, YearMonth month) throws SQLException {
        execute("insert into month (tenant, month, state, closed_at) select id, '" + month.atDay(1)
                + "', 'closed', now() from tenant where name = '" + tenant + "'");
    }
}
