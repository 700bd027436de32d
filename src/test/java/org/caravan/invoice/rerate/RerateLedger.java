package org.caravan.invoice.rerate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.caravan.common.Decimals;
import org.caravan.invoice.Audit;
import org.caravan.invoice.CloseSettings;
import org.caravan.invoice.Closer;
import org.caravan.invoice.IssuedDocument;
import org.caravan.invoice.MovableClock;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentJson;
import org.caravan.ledger.CommitResult;
import org.caravan.ledger.HeldReader;
import org.caravan.ledger.Ledger;
import org.caravan.ledger.LedgerSchema;
import org.caravan.ledger.LedgerSettings;
import org.caravan.ledger.Quarantine;
import org.caravan.ledger.QuarantineEntry;
import org.caravan.ledger.QuarantineFilter;
import org.caravan.ledger.QuarantineRetry;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.MeteringSettings;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageBatches;
import org.caravan.metering.UsageInput;
import org.caravan.rating.ModuleChain;
import org.caravan.rating.TariffFile;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffHolder;
import org.caravan.testing.Database;

/** A real ledger with usage read in as text, rated by rules that change, and re-rated. One object is one hub. */
final class RerateLedger {
    static final YearMonth OCTOBER = YearMonth.of(2026, 10);
    static final Instant START = Instant.parse("2026-10-01T00:00:00Z");
    static final String METERS =
            "meters: {call: {identity: event}, paid: {pricing: given}, licence: {pricing: cost}, vm: , traffic: }";

    final DataSource database;
    final TariffHolder tariff;
    final MovableClock clock;
    MeterCatalog meters = MeterCatalog.parse(METERS, "meters.yaml");
    RerateSettings settings = RerateSettings.defaults();
    private final Ledger ledger;

    RerateLedger() {
        this(Database.fresh(), new TariffHolder(Tariff.EMPTY), new MovableClock("2026-12-01T06:00:00Z"));
        LedgerSchema.identify(database, "test", "NZD", false);
    }

    private RerateLedger(DataSource database, TariffHolder tariff, MovableClock clock) {
        this.database = database;
        this.tariff = tariff;
        this.clock = clock;
        this.ledger = new Ledger(database, LedgerSettings.defaults(), clock);
    }

    /** Another hub on the same database, with the same rules. */
    RerateLedger otherHub() {
        return new RerateLedger(database, tariff, clock);
    }

    // ---- rules ---------------------------------------------------------------------------------------------------

    /** Makes the rules those of a tariff file's {@code services}. */
    void rules(String services) {
        tariff.set(Tariff.compile(TariffFile.parse("currency: NZD\nservices: {" + services + "}", "tariff.yaml")
                .ruleSet()));
    }

    /** One flat price for the meter vm. */
    void price(String cost) {
        rules("vm: {mappings: [{type: flat, cost: \"" + cost + "\"}]}");
    }

    // ---- usage ---------------------------------------------------------------------------------------------------

    static String line(String tenant, String resource, String meter, String quantity, int hour, int hours) {
        return "{\"tenant\":\"" + tenant + "\",\"datacenter\":\"dc\",\"resource\":\"" + resource + "\",\"meter\":\""
                + meter + "\",\"quantity\":\"" + quantity + "\",\"unit\":\"hour\",\"begin\":\"" + at(hour)
                + "\",\"end\":\"" + at(hour + hours) + "\"}";
    }

    /** An hour of the resource r. */
    static String line(String tenant, String quantity, int hour) {
        return line(tenant, "r", "vm", quantity, hour, 1);
    }

    static String with(String line, String field, String value) {
        return line.replace("{\"tenant\"", "{\"" + field + "\":\"" + value + "\",\"tenant\"");
    }

    /** A moment by hours since the beginning of October. */
    static Instant at(int hour) {
        return START.plus(Duration.ofHours(hour));
    }

    CommitResult read(String... lines) throws SQLException {
        UsageInput input = UsageInput.of(
                new ByteArrayInputStream((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8)), "usage");
        try (UsageBatches batches = UsageBatches.jsonl(input, MeteringSettings.defaults(), meters, clock)) {
            UsageBatch batch = batches.next();
            rate(batch);
            return ledger.commit(batch);
        }
    }

    private void rate(UsageBatch batch) {
        new ModuleChain(tariff).rate(batch);
    }

    /** Accepts every held conflict, the oldest first. */
    void acceptAll() throws SQLException {
        HeldReader reader = new HeldReader(MeteringSettings.defaults(), meters, clock, this::rate);
        QuarantineRetry retry = new QuarantineRetry(database, ledger, reader, clock);
        for (QuarantineEntry held : new Quarantine(database, clock).list(QuarantineFilter.held(), 0, 1_000)) {
            retry.accept(held.id());
        }
    }

    // ---- re-rating -----------------------------------------------------------------------------------------------

    Reprocessing reprocessing() {
        return new Reprocessing(database, "default", clock);
    }

    Rerating rerating() {
        return new Rerating(database, LedgerSettings.defaults(), meters, tariff, settings, clock);
    }

    /** Orders and does it. */
    void rerate(int fromHour, int untilHour, String... tenants) throws SQLException {
        reprocessing()
                .order(new Reprocessing.Wanted(List.of(tenants), at(fromHour), at(untilHour), "new prices", "test"));
        assertThat(rerating().runDue(() -> false)).isEqualTo(1);
    }

    Corrections corrections() {
        return new Corrections(database, LedgerSettings.defaults(), meters, tariff, settings, clock);
    }

    Corrections.Result correct(String reason, String... tenants) throws SQLException {
        return corrections().correct(new Corrections.Wanted(OCTOBER, List.of(tenants), reason, "test"), place -> {});
    }

    Corrections.Result plan(String reason, String... tenants) throws SQLException {
        return corrections().plan(new Corrections.Wanted(OCTOBER, List.of(tenants), reason, "test"), place -> {});
    }

    // ---- documents -----------------------------------------------------------------------------------------------

    Closer closer() {
        return new Closer(
                database,
                new LedgerSchema.Identity("test", "NZD", false),
                AccountProfiles.none(),
                Map.of(),
                CloseSettings.defaults(),
                clock);
    }

    /** Issues the month, whatever holds it. */
    List<IssuedDocument> close(YearMonth month, String... accounts) throws SQLException {
        return closer().close(month, accounts.length == 0 ? null : Set.of(accounts), document -> {})
                .issued();
    }

    /** The lines of an account's document of a month: product, kind, month of use, unit price, quantity and exact amount. */
    List<String> lines(String account, YearMonth month) throws SQLException {
        List<String> found = new ArrayList<>();
        for (Document.Line line : document(account, month).sections().stream()
                .flatMap(section -> section.lines().stream())
                .toList()) {
            found.add(line.product() + " " + line.kind() + " " + line.usageMonth() + " "
                    + (line.unitPrice() == null ? "-" : Decimals.plain(line.unitPrice())) + " "
                    + Decimals.plain(line.quantity()) + " " + Decimals.plain(line.exact()));
        }
        return found;
    }

    Document document(String account, YearMonth month) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("select body from document where kind = 'invoice' and account = '"
                                + account + "' and month = '" + month.atDay(1) + "'")) {
            row.next();
            return DocumentJson.read(row.getString(1).getBytes(StandardCharsets.UTF_8));
        }
    }

    // ---- looking -------------------------------------------------------------------------------------------------

    /** Records, quantity and amount of everything billed to a tenant, without trailing zeros. */
    String billed(String tenant) throws SQLException {
        return rows("select coalesce(sum(records), 0), trim_scale(coalesce(sum(quantity), 0)),"
                        + " trim_scale(coalesce(sum(amount), 0)), trim_scale(coalesce(sum(seconds), 0))"
                        + " from entry e join tenant t on t.id = e.tenant where t.name = '" + tenant + "'")
                .get(0);
    }

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

    void audit() throws SQLException {
        assertThat(Audit.run(database))
                .allSatisfy(
                        check -> assertThat(check.findings()).as(check.name()).isEmpty());
    }
}
