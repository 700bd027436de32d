package org.caravan.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.caravan.common.Json;
import org.caravan.hub.Run;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.Database;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** close, months and approve as a user runs them, over a ledger that a bill began, and beside a running hub. */
class MonthsCommandTest {
    private static final String USAGE =
            """
            id,tenant,datacenter,resource,meter,quantity,unit,begin,end,flavor
            1,acme,north,vm-1,instance,1,hour,2026-08-31T23:00:00Z,2026-09-01T00:00:00Z,small
            2,acme,north,vm-1,instance,2,hour,2026-09-01T00:00:00Z,2026-09-01T01:00:00Z,small
            3,zen,north,vm-2,instance,10,hour,2026-09-01T01:00:00Z,2026-09-01T02:00:00Z,small
            4,acme,north,vm-1,instance,3,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z,small
            """;
    private static final String TARIFF =
            """
            currency: NZD
            services: {instance: {fields: {flavor: {mappings: [{value: small, type: flat, cost: "0.5"}]}}}}
            """;

    private static final Instant NOVEMBER = Instant.parse("2026-11-03T00:00:00Z");

    @TempDir
    Path current;

    private final DatabaseAccess access = Database.freshAccess();
    private Console console;

    /** Usage of August to October in a ledger in which August is closed by the bill of it. */
    @BeforeEach
    void billAugust() throws Exception {
        Files.writeString(current.resolve("usage.csv"), USAGE);
        Files.writeString(current.resolve("tariff.yaml"), TARIFF);
        console = new Console(
                current,
                Map.of(
                        "CARAVAN_LEDGER_URL", access.url(),
                        "CARAVAN_LEDGER_USER", access.user(),
                        "CARAVAN_LEDGER_PASSWORD", access.password(),
                        "CARAVAN_ISSUER", "test"));
        Console.Answer answer = console.run(
                "bill", "2026-08", "--usage", "usage.csv", "--tariff", "tariff.yaml", "--out", "out", "--json");
        assertThat(answer.err()).isEmpty();
        assertThat(answer.exitCode()).isZero();
    }

    @Test
    void monthsSaysHowFarEachIsAndWhatHoldsItWithTheRemedy() throws Exception {
        // given
        execute("insert into source (name, kind, rated_until, created_at, updated_at)"
                + " values ('inbox', 'files', '2026-10-01Z', now(), now())");

        // when
        Console.Answer answer = console.run("months");
        JsonNode json = Json.mapper().readTree(console.run("months", "--json").out());

        // then
        assertThat(answer.exitCode()).isZero();
        assertThat(answer.out().lines())
                .anyMatch(line -> line.matches("2026-08 +closed +0 +0 +1 +1 +0\\.50 +0\\.00 +0 +1 +0\\.50 NZD"))
                .anyMatch(line -> line.matches("2026-09 +open +2 +0 +0 +2 +6\\.00 +0\\.00 +0 +0 +-"))
                .contains("  source inbox is rated until 2026-10-01T00:00:00Z, not until the end of 2026-10; let it"
                        + " catch up, or say that it is complete: caravan sources done inbox 2026-10")
                .contains("  2026-09 is still open for acme; close it first: caravan close 2026-09");
        assertThat(json.get("currency").textValue()).isEqualTo("NZD");
        assertThat(json.get("months")).hasSize(3);
        JsonNode october = json.get("months").get(2);
        assertThat(october.get("state").textValue()).isEqualTo("open");
        assertThat(october.get("amount").textValue()).isEqualTo("1.5");
        assertThat(october.get("tenants").get("open").intValue()).isOne();
        assertThat(october.get("holds").findValuesAsText("kind")).containsExactly("source", "earlier-month");
    }

    @Test
    void oneMonthIsShownAccountByAccountBesideTheMonthBefore() throws Exception {
        // when
        JsonNode json = Json.mapper()
                .readTree(console.run("months", "2026-09", "--json").out());
        Console.Answer people = console.run("months", "2026-09");

        // then
        assertThat(json.get("accounts"))
                .isEqualTo(
                        Json.mapper()
                                .readTree(
                                        """
                        [{"account": "acme", "state": "ready", "currency": "NZD", "total": "1.00", "before": "0.50",
                          "difference": "0.50"},
                         {"account": "zen", "state": "ready", "currency": "NZD", "total": "5.00", "before": null,
                          "difference": null}]"""));
        assertThat(people.out().lines()).anyMatch(line -> line.matches("all +6\\.00 +0\\.50 +5\\.50 +NZD"));
    }

    @Test
    void closeIssuesWhatNothingHoldsAndSaysWhatItLeaves() throws Exception {
        // when
        Console.Answer october = console.run("close", "2026-10", "--json");
        Console.Answer zen = console.run("close", "2026-09", "--tenant", "zen");
        Console.Answer september = console.run("close", "2026-09");
        Console.Answer again = console.run("close", "2026-09");

        // then
        assertThat(october.exitCode()).isEqualTo(1);
        JsonNode json = Json.mapper().readTree(october.out());
        assertThat(json.get("complete").booleanValue()).isFalse();
        assertThat(json.get("issued")).isEmpty();
        assertThat(json.get("held").get(0).get("account").textValue()).isEqualTo("acme");
        assertThat(json.get("held").get(0).get("reason").textValue())
                .isEqualTo("2026-09 is still open for acme; close it first: caravan close 2026-09");
        assertThat(zen.exitCode()).isZero();
        assertThat(zen.out().lines())
                .anyMatch(line -> line.matches("zen +INV-2026-000002 +1 +5\\.00 +NZD"))
                .noneMatch(line -> line.startsWith("acme"));
        assertThat(september.out().lines()).anyMatch(line -> line.matches("acme +INV-2026-000003 +1 +1\\.00 +NZD"));
        assertThat(again.exitCode()).isZero();
        assertThat(again.out()).isEqualTo("2026-09: nothing is open\n");
    }

    @Test
    void whatCannotBeClosedIsRefusedInOneLine() {
        // when, then
        assertRefused("2026-13", "month '2026-13': expected YYYY-MM");
        assertRefused("2199-01", "month 2199-01 is not over: it can be closed from 2199-02-01T00:00:00Z on");
        assertRefused("2199-01 --force", "is not over");
        assertRefused("2026-09 --tenant nobody", "tenant 'nobody': the ledger has no tenant or account of this name");
        assertRefused("2026-09 --set caravan.close.approval=manual", "use caravan approve 2026-09");
        assertRefused("2026-09 --set caravan.close.quarantine=maybe", "expected hold or allow");
    }

    private void assertRefused(String arguments, String message) {
        Console.Answer answer = console.run(Console.with(List.of("close"), arguments.split(" ")));
        assertThat(answer.exitCode()).isEqualTo(2);
        assertThat(answer.out()).isEmpty();
        assertThat(answer.err()).hasLineCount(1).contains(message);
    }

    @Test
    void approveShowsWhatItIssuesAndNeedsAYes() throws Exception {
        // when
        Console.Answer unasked = console.run("approve", "2026-09");
        Console.Answer approved = console.run("approve", "2026-09", "--yes", "--set", "caravan.close.approval=manual");
        Console.Answer again = console.run("approve", "2026-09", "--yes", "--json");

        // then
        assertThat(unasked.exitCode()).isEqualTo(2);
        assertThat(unasked.err()).hasLineCount(1).contains("--yes");
        assertThat(approved.exitCode()).isZero();
        assertThat(approved.out().lines())
                .anyMatch(line -> line.matches("acme +ready +1\\.00 +0\\.50 +0\\.50 +NZD"))
                .anyMatch(line -> line.matches("all +6\\.00 +0\\.50 +5\\.50 +NZD"))
                .anyMatch(line -> line.matches("acme +INV-2026-000002 +1 +1\\.00 +NZD"));
        JsonNode json = Json.mapper().readTree(again.out());
        assertThat(json.get("complete").booleanValue()).isTrue();
        assertThat(json.get("issued")).isEmpty();
        assertThat(json.get("accounts").get(0).get("state").textValue()).isEqualTo("issued");
    }

    @Test
    void aRunningHubClosesByItselfTheOldestMonthFirst() throws Exception {
        // given: three days after the end of October
        Clock clock = Clock.offset(Clock.systemUTC(), Duration.between(Instant.now(), NOVEMBER));
        Run run = new Run(config("caravan.close.period=1s"), clock);
        CountDownLatch started = new CountDownLatch(1);

        // when
        CompletableFuture<Void> running = CompletableFuture.runAsync(() -> {
            try {
                run.run(started::countDown);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 600 && !documents().equals("2026-08 2026-09 2026-09 2026-10"); i++) {
            Thread.sleep(100);
        }
        run.stop();
        running.get(60, TimeUnit.SECONDS);

        // then
        assertThat(documents()).isEqualTo("2026-08 2026-09 2026-09 2026-10");
    }

    private HubConfig config(String... more) {
        Path home = Path.of("").toAbsolutePath();
        return new HubConfig.Builder(home, current)
                .file()
                .set(List.of(
                        "caravan.ledger.url=" + access.url(),
                        "caravan.ledger.user=" + access.user(),
                        "caravan.ledger.password=" + access.password(),
                        "caravan.issuer=test",
                        "caravan.management.port=0",
                        "caravan.api.port=0",
                        "caravan.tariff=tariff.yaml",
                        "camel.kamelet.csv-directory-sink.directory=" + current.resolve("out")))
                .set(List.of(more))
                .build();
    }

    private String documents() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery(
                        "select string_agg(to_char(month, 'YYYY-MM'), ' ' order by id) from document")) {
            row.next();
            return row.getString(1);
        }
    }

    private void execute(String sql) throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection connect() throws Exception {
        return DriverManager.getConnection(access.url(), access.user(), access.password());
    }
}
