package org.caravan.testing;

import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.caravan.ledger.CommitResult;
import org.caravan.ledger.HeldReader;
import org.caravan.ledger.Ledger;
import org.caravan.ledger.LedgerSchema;
import org.caravan.ledger.LedgerSettings;
import org.caravan.ledger.Outcome;
import org.caravan.ledger.QuarantineRetry;
import org.caravan.ledger.RollUp;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.MeteringSettings;
import org.caravan.metering.Price;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageBatches;
import org.caravan.metering.UsageInput;

/** A ledger in a database of its own, filled through its front door with lines of caravan-jsonl; one unit price for all. */
public final class UsageLedger {
    public static final Instant NOW = Instant.parse("2026-12-10T12:00:00Z");
    public static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    public final DataSource database;
    public final Ledger ledger;
    public MeterCatalog meters = MeterCatalog.empty();
    public BigDecimal unitPrice = new BigDecimal("0.0481");

    public UsageLedger() {
        this(Database.fresh());
    }

    /** @param database fresh, with the ledger's schema */
    public UsageLedger(DataSource database) {
        this.database = database;
        this.ledger = new Ledger(database, LedgerSettings.defaults(), CLOCK);
        LedgerSchema.identify(database, "test", "NZD", false);
    }

    /** A line of an hour or more; metadata is the inside of a JSON object, maybe empty. */
    public static String line(
            String tenant,
            String resource,
            String meter,
            String quantity,
            Instant begin,
            Instant end,
            String metadata) {
        return "{\"tenant\":\"" + tenant + "\",\"datacenter\":\"dc\",\"resource\":\"" + resource + "\",\"meter\":\""
                + meter + "\",\"quantity\":\"" + quantity + "\",\"unit\":\"hour\",\"begin\":\"" + begin
                + "\",\"end\":\"" + end + "\",\"metadata\":{" + metadata + "}}";
    }

    /** As {@link #line(String, String, String, String, Instant, Instant, String)}, of one hour. */
    public static String line(
            String tenant, String resource, String meter, String quantity, String begin, String metadata) {
        Instant from = Instant.parse(begin);
        return line(tenant, resource, meter, quantity, from, from.plusSeconds(3600), metadata);
    }

    /** Reads lines as one batch. */
    public CommitResult read(String... lines) throws SQLException {
        return read(List.of(lines));
    }

    /** Reads lines as one batch. */
    public CommitResult read(List<String> lines) throws SQLException {
        UsageInput input = UsageInput.of(
                new ByteArrayInputStream((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8)), "usage");
        try (UsageBatches batches = UsageBatches.jsonl(input, MeteringSettings.defaults(), meters, CLOCK)) {
            UsageBatch batch = batches.next();
            rate(batch);
            return ledger.commit(batch);
        }
    }

    /** Accepts the conflict that was set aside last. */
    public Outcome acceptLast() throws SQLException {
        HeldReader reader = new HeldReader(MeteringSettings.defaults(), meters, CLOCK, this::rate);
        return new QuarantineRetry(database, ledger, reader, CLOCK)
                .accept(Long.parseLong(rows("select max(id) from quarantine").get(0)));
    }

    /** Prices by the unit price; by the record's own where its meter says so. */
    public void rate(UsageBatch batch) {
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

    public void rollUp() throws SQLException {
        RollUp.run(database);
    }

    /** Says that a tenant's month is closed, so that later usage of it is an adjustment. */
    public void close(String tenant, YearMonth month) throws SQLException {
        execute("insert into month (tenant, month, state, closed_at) select id, '" + month.atDay(1)
                + "', 'closed', now() from tenant where name = '" + tenant + "'");
    }

    /** The rows of a query, columns joined by a blank. */
    public List<String> rows(String sql) throws SQLException {
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

    public void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
