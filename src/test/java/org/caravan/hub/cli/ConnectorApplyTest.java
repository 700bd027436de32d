package org.caravan.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.caravan.hub.Run;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.connector.ConnectorOrders;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.Database;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** Connectors that come and change while a hub runs and invoices are on their way. */
@TestMethodOrder(OrderAnnotation.class)
class ConnectorApplyTest {
    private static final int MAX_WAITS = 1_500;

    private static final String NOTE =
            """
            kind: Kamelet
            metadata:
              name: note-sink
              annotations:
                caravan/repeat: never
            spec:
              definition:
                title: Note
                required: [prefix]
                properties:
                  prefix: {type: string}
                  key: {type: string, format: password}
              template:
                from:
                  uri: kamelet:source
                  steps:
                    - delay: {constant: 1}
                    - setHeader:
                        name: CamelCaravanErpReference
                        simple: "v1-{{prefix}}-${header.CamelCaravanInvoiceNumber}"
            """;

    @TempDir
    static Path home;

    private static final DatabaseAccess LEDGER = Database.freshAccess();
    private static final List<String> TOLD = new CopyOnWriteArrayList<>();
    private static final CompletableFuture<Void> ENDED = new CompletableFuture<>();
    private static Run hub;

    @BeforeAll
    static void billAndRun() throws Exception {
        Files.createDirectory(home.resolve("connectors"));
        Files.copy(
                Path.of("connectors/csv-directory-sink.kamelet.yaml"),
                home.resolve("connectors/csv-directory-sink.kamelet.yaml"));
        Files.writeString(
                home.resolve("usage.csv"),
                """
                id,tenant,datacenter,resource,meter,quantity,unit,begin,end
                1,acme,nz,vm-1,instance,1,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z
                2,zen,nz,vm-2,instance,1,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z
                """);
        Files.writeString(
                home.resolve("tariff.yaml"), "currency: NZD\nservices: {instance: {mappings: [{cost: \"0.25\"}]}}\n");
        TOLD.addAll(List.of(
                "caravan.ledger.url=" + LEDGER.url(),
                "caravan.ledger.user=" + LEDGER.user(),
                "caravan.ledger.password=" + LEDGER.password(),
                "caravan.ledger.connections=6",
                "caravan.connectors.directory=" + home.resolve("connectors"),
                "caravan.out=" + home.resolve("out"),
                "caravan.management.port=0",
                "caravan.api.port=0",
                "caravan.close.auto=false"));
        Console.Answer billed = caravan("bill", "2026-10", "--usage", "usage.csv", "--tariff", "tariff.yaml");
        assertThat(billed.exitCode()).as(billed.err()).isZero();
        hub = new Run(
                () -> new HubConfig.Builder(Path.of(""), home)
                        .set(List.copyOf(TOLD))
                        .build(),
                Clock.systemUTC());
        CompletableFuture<Void> started = new CompletableFuture<>();
        new Thread(() -> {
                    try {
                        hub.run(() -> started.complete(null));
                        ENDED.complete(null);
                    } catch (Exception | Error e) {
                        started.completeExceptionally(e);
                        ENDED.completeExceptionally(e);
                    }
                })
                .start();
        started.get(120, TimeUnit.SECONDS);
    }

    @AfterAll
    static void end() throws Exception {
        hub.stop();
        ENDED.get(120, TimeUnit.SECONDS);
    }

    @Test
    @Order(1)
    void aFileThatIsDroppedInIsLiveWithoutARestart() throws Exception {
        // given: also what it is told is new to the hub
        note(NOTE);
        TOLD.add("caravan.connectors=note/one,note/two,note/three,note/four");
        TOLD.add("camel.kamelet.note-sink.prefix=N");
        TOLD.add("camel.kamelet.note-sink.two.prefix=M");
        TOLD.add("camel.kamelet.note-sink.key=s3cret");
        // when
        Console.Answer applied = caravan("connector", "apply", "note");
        Console.Answer sent = caravan("deliveries", "backfill", "note/one", "--month", "2026-10");
        await("select count(*) = 2 from delivery where connector = 'note/one' and state = 'committed'");
        // then
        assertThat(applied.err()).isEmpty();
        assertThat(applied.out())
                .contains("note (note/four, note/one, note/three, note/two) is live in hub "
                        + ProcessHandle.current().pid());
        assertThat(applied.exitCode()).isZero();
        assertThat(sent.exitCode()).isZero();
        assertThat(references("note/one")).isEqualTo("v1-N-INV-2026-000001 v1-N-INV-2026-000002");
    }

    @Test
    @Order(2)
    void aBrokenFileIsRefusedAndWhatRunsRunsOn() throws Exception {
        // given
        note(NOTE.replace("- setHeader:", "- setHaeder:"));
        // when: also by a hub that is ordered to take it all the same
        Console.Answer refused = caravan("connector", "apply", "note");
        ConnectorOrders orders = new ConnectorOrders(dataSource(), Clock.systemUTC());
        long order = orders.give("note-sink", "0", "test").id();
        for (int i = 0; i < MAX_WAITS && orders.answers(order).isEmpty(); i++) {
            Thread.sleep(20);
        }
        caravan("deliveries", "backfill", "csv-directory", "--month", "2026-10");
        send("note/three");
        await("select count(*) = 2 from delivery where connector = 'note/three' and state = 'committed'");
        // then
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("note-sink.kamelet.yaml:18:").contains("setHaeder");
        assertThat(orders.answers(order)).singleElement().satisfies(answer -> {
            assertThat(answer.live()).isFalse();
            assertThat(answer.message()).contains("note-sink.kamelet.yaml:18:");
        });
        assertThat(references("note/three")).startsWith("v1-N-");
        // when
        JsonNode list = json(caravan("connector", "list", "--json")).get("connectors");
        // then: its own line says what is wrong
        assertThat(list.get(0).get("problem").isNull()).isTrue();
    }

    @Test
    @Order(3)
    void aCallThatRunsIsWaitedForAndTheNextOneIsTheNewFiles() throws Exception {
        // given: a slow one is live, and called
        note(NOTE.replace("constant: 1}", "constant: 2000}"));
        assertThat(caravan("connector", "apply", "note").exitCode()).isZero();
        send("note/two");
        await("select count(*) = 1 from delivery where connector = 'note/two' and state = 'delivering'");
        // when
        note(NOTE.replace("v1-", "v2-"));
        Console.Answer applied = caravan("connector", "apply", "note/two", "--json");
        await("select count(*) = 2 from delivery where connector = 'note/two' and state = 'committed'");
        send("note/four");
        await("select count(*) = 2 from delivery where connector = 'note/four' and state = 'committed'");
        // then: nothing was cut, nothing is in doubt
        assertThat(json(applied).get("hubs").get(0).get("state").asText()).isEqualTo("live");
        assertThat(references("note/two")).startsWith("v1-M-INV-2026-000001");
        assertThat(references("note/four")).isEqualTo("v2-N-INV-2026-000001 v2-N-INV-2026-000002");
        assertThat(ask("select max(attempt) from delivery where connector like 'note/%'"))
                .isEqualTo("1");
    }

    @Test
    @Order(4)
    void theListSaysWhatIsLiveAndHidesSecrets() throws Exception {
        // given
        Files.writeString(
                home.resolve("connectors/needy-sink.kamelet.yaml"),
                NOTE.replace("note-sink", "needy-sink").replace("- delay", "- to: \"slack:x\"\n        - delay"));
        // when
        Console.Answer list = caravan("connector", "list");
        note(NOTE);
        Console.Answer changed = caravan("connector", "list");
        Files.delete(home.resolve("connectors/needy-sink.kamelet.yaml"));
        // then
        assertThat(list.exitCode()).isEqualTo(1);
        assertThat(list.out())
                .contains("note/one: Note", "note/two: Note", "live in hub", "key=***", "prefix=M")
                .contains("camel-slack (component 'slack') is not there")
                .doesNotContain("s3cret");
        assertThat(changed.out()).contains("changed since it was applied");
    }

    @Test
    @Order(5)
    void aNewOneIsBegunFromOneThatWorks() throws Exception {
        // given
        Files.copy(Path.of("connectors/http-sink.kamelet.yaml"), home.resolve("connectors/http-sink.kamelet.yaml"));
        // when
        Console.Answer written = caravan("connector", "new", "till", "--from", "http");
        Console.Answer again = caravan("connector", "new", "till");
        TOLD.add("camel.kamelet.till-sink.url=http://127.0.0.1:1/");
        Console.Answer applied = caravan("connector", "apply", "till");
        // then
        assertThat(written.out()).contains("till-sink.kamelet.yaml");
        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.err()).contains("is there already");
        assertThat(applied.exitCode()).as(applied.err()).isZero();
        assertThat(Files.readString(home.resolve("connectors/till-sink.kamelet.yaml")))
                .startsWith("# Connector till, begun from http.")
                .contains("  name: till-sink\n");
        assertThat(caravan("connector", "new", "x", "--from", "htpt").err()).contains("did you mean 'http'");
        assertThat(caravan("connector", "new", "http/x").err()).contains("needs no file");
    }

    private static void note(String text) throws Exception {
        Files.writeString(home.resolve("connectors/note-sink.kamelet.yaml"), text);
    }

    private static void send(String connector) throws Exception {
        execute("insert into delivery (document, connector, lane, due_at, updated_at) select id, '" + connector
                + "', '', now(), now() from document");
    }

    private static String references(String connector) throws Exception {
        return ask("select string_agg(reference, ' ' order by reference) from delivery where connector = '" + connector
                + "'");
    }

    private static Console.Answer caravan(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        for (String told : TOLD) {
            all.addAll(List.of("--set", told));
        }
        return new Console(home).run(all);
    }

    private static JsonNode json(Console.Answer answer) throws Exception {
        return new ObjectMapper().readTree(answer.out());
    }

    private static void await(String sql) throws Exception {
        for (int i = 0; i < MAX_WAITS; i++) {
            if ("t".equals(ask(sql))) {
                return;
            }
            Thread.sleep(20);
        }
        throw new AssertionError(sql + " is not so: "
                + ask("select string_agg(concat_ws(' ', connector, state, last_error), '; ') from delivery"));
    }

    private static PGSimpleDataSource dataSource() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(LEDGER.url());
        source.setUser(LEDGER.user());
        source.setPassword(LEDGER.password());
        return source;
    }

    private static void execute(String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection(LEDGER.url(), LEDGER.user(), LEDGER.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection(LEDGER.url(), LEDGER.user(), LEDGER.password());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        }
    }
}
