package org.caravan.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.caravan.common.Json;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.ApiHub;
import org.caravan.testing.Database;
import org.caravan.testing.FileTree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code caravan check} as a user gives it. */
class CheckCommandTest {
    @TempDir
    private Path current;

    private final DatabaseAccess ledger = Database.freshAccess();

    private Console.Answer check(List<String> options, String... settings) {
        List<String> arguments = new ArrayList<>(List.of("check", "--timeout", "5"));
        arguments.addAll(options);
        for (String setting : settings) {
            arguments.addAll(List.of("--set", setting));
        }
        return new Console(
                        current,
                        Map.of(
                                "CARAVAN_LEDGER_URL", ledger.url(),
                                "CARAVAN_LEDGER_USER", ledger.user(),
                                "CARAVAN_LEDGER_PASSWORD", ledger.password()))
                .run(arguments);
    }

    @Test
    void allIsWellBeforeTheFirstStartAndBesideAHubThatRuns() throws Exception {
        // given
        Path inbox = Files.createDirectories(current.resolve("in"));
        int management = ApiHub.freePort();
        String[] settings = {
            "caravan.tariff=" + Path.of("examples/tariff.yaml").toAbsolutePath(),
            "caravan.inbox=" + inbox,
            "caravan.out=out",
            "caravan.api.port=" + ApiHub.freePort(),
            "caravan.management.port=" + management
        };

        // when
        Map<String, String> before = FileTree.contents(current);
        Console.Answer first = check(List.of(), settings);
        Map<String, String> after = FileTree.contents(current);

        // then
        assertThat(first.exitCode()).as(first.out() + first.err()).isZero();
        assertThat(first.out())
                .contains("ok  routes", "loads: metering-files", "loads: deliver", "is a tariff in NZD")
                .contains("csv-directory", "can be used", "is free", "PostgreSQL", "0 wrong, 0 failed")
                .doesNotContain(ledger.password());
        assertThat(after).isEqualTo(before);

        // when: a hub runs
        try (ApiHub hub = ApiHub.start(
                current,
                ledger,
                "caravan.currency=NZD",
                "caravan.tariff=" + Path.of("examples/tariff.yaml").toAbsolutePath(),
                "caravan.management.port=" + management)) {
            settings[3] = "caravan.api.port=" + hub.port();
            Console.Answer beside = check(List.of("--json"), settings);
            JsonNode json = Json.mapper().readTree(beside.out());

            // then
            assertThat(beside.exitCode()).as(beside.out()).isZero();
            assertThat(json.path("well").asBoolean()).isTrue();
            assertThat(json.path("wrong").asInt()).isZero();
            assertThat(beside.out())
                    .contains("a hub answers at 127.0.0.1 port " + hub.port())
                    .contains("a hub answers at 127.0.0.1 port " + management);
        }
    }

    @Test
    void aBadThingNeverHidesItsNeighbours() throws Exception {
        // given: much is wrong at once
        Path home = Path.of("").toAbsolutePath();
        Path routes = copy(home.resolve("routes"), current.resolve("routes"));
        Files.writeString(
                routes.resolve("broken.camel.yaml"),
                """
                - route:
                    id: broken
                    from:
                      uri: direct:broken
                      steps:
                        - set-headr:
                            name: x
                """);
        Files.writeString(
                routes.resolve("options.camel.yaml"),
                """
                - route:
                    id: options
                    from:
                      uri: timer:options
                      parameters:
                        perriod: 1000
                      steps:
                        - to: nowhere:at-all
                - route:
                    id: methods
                    from:
                      uri: direct:methods
                      steps:
                        - bean:
                            ref: closer
                            method: closeDu
                """);
        Files.writeString(
                routes.resolve("twice.camel.yaml"),
                """
                - route:
                    id: deliver
                    from:
                      uri: direct:twice
                      steps:
                        - log: "{{no.such.thing}}"
                """);
        Path connectors = copy(home.resolve("connectors"), current.resolve("connectors"));
        Files.writeString(connectors.resolve("bad-sink.kamelet.yaml"), "kind: [\n");
        Files.writeString(current.resolve("tariff.yaml"), "currency: EUR\nservises: {}\n");
        Files.writeString(current.resolve("meters.yaml"), "meters: {a: {unitt: h}}\n");
        Files.writeString(current.resolve("accounts.yaml"), "defaults: {connectors: [csv-directry]}\n");
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            String[] settings = {
                "caravan.batch.sise=1",
                "caravan.batch.readAhead=many",
                "carvan.data=x",
                "camel.main.nameeee=x",
                "camel.component.kafka.nosuch=x",
                "camel.kamelet.http-sink.ulr=http://localhost:1/",
                "camel.kamelet.http-sink.url=http://127.0.0.1:1/invoices",
                "camel.kamelet.nosuch-sink.url=x",
                "caravan.routes=routes",
                "caravan.connectors.directory=connectors",
                "caravan.tariff=tariff.yaml",
                "caravan.meters=meters.yaml",
                "caravan.accounts=accounts.yaml",
                "caravan.ledger.passwordFile=nowhere",
                "caravan.keystone.url=http://127.0.0.1:1/v3",
                "caravan.keystone.user=caravan",
                "caravan.keystone.password=planted-keystone",
                "caravan.sql.url=jdbc:postgresql://127.0.0.1:1/x",
                "caravan.inbox=missing",
                "caravan.api.port=" + taken.getLocalPort(),
                "caravan.management.port=0"
            };

            // when
            Console.Answer answer = check(List.of(), settings);

            // then: each has its line
            assertThat(answer.exitCode()).as(answer.out() + answer.err()).isEqualTo(2);
            assertThat(answer.out().lines().filter(line -> line.startsWith("X ")))
                    .as(answer.out())
                    .anyMatch(line -> line.contains("caravan.batch.sise") && line.contains("'caravan.batch.size'"))
                    .anyMatch(line -> line.contains("caravan.batch.readAhead") && line.contains("found 'many'"))
                    .anyMatch(line -> line.contains("carvan.data") && line.contains("did you mean 'caravan'"))
                    .anyMatch(line -> line.contains("camel.main.nameeee"))
                    .anyMatch(line -> line.contains("camel.component.kafka.nosuch"))
                    .anyMatch(line -> line.contains("http-sink.ulr") && line.contains("did you mean 'url'"))
                    .anyMatch(line -> line.contains("nosuch-sink"))
                    .anyMatch(line -> line.contains("broken.camel.yaml:6") && line.contains("set-headr"))
                    .anyMatch(line -> line.contains("options.camel.yaml:6") && line.contains("did you mean 'period'"))
                    .anyMatch(line -> line.contains("options.camel.yaml") && line.contains("nowhere"))
                    .anyMatch(line -> line.contains("options.camel.yaml") && line.contains("'closeDu'"))
                    .anyMatch(line -> line.contains("twice.camel.yaml") && line.contains("no.such.thing"))
                    .anyMatch(line -> line.contains("'deliver' is in") && line.contains("give it another id"))
                    .anyMatch(line -> line.contains("bad-sink.kamelet.yaml"))
                    .anyMatch(line -> line.contains("tariff.yaml:1") && line.contains("'services' is missing"))
                    .anyMatch(line -> line.contains("meters.yaml") && line.contains("unitt"))
                    .anyMatch(line -> line.contains("csv-directry") && line.contains("did you mean 'csv-directory'"))
                    .anyMatch(line -> line.contains("caravan.ledger.passwordFile") && line.contains("nowhere"))
                    .anyMatch(line -> line.contains("keystone") && line.contains("can't be reached"))
                    .anyMatch(line -> line.contains("caravan.sql") && line.contains("caravan.sql.columns"))
                    .anyMatch(line -> line.contains("inbox") && line.contains("missing"))
                    .anyMatch(line -> line.contains("another program listens"))
                    .anyMatch(line -> line.contains("targets") && line.contains("127.0.0.1 port 1"))
                    .noneMatch(line -> line.contains("Exception:") || line.contains("cast"));
            assertThat(answer.out()).contains("loads: metering-files").doesNotContain("planted-keystone");
        }
    }

    @Test
    void whatCanNotBeReachedIsExitCodeOne() throws Exception {
        // given
        Database.shut(ledger);
        try {
            // when
            Console.Answer answer = check(
                    List.of(),
                    "caravan.tariff=" + Path.of("examples/tariff.yaml").toAbsolutePath(),
                    "caravan.out=out",
                    "caravan.api.port=0",
                    "caravan.management.port=0",
                    "caravan.kafka.answerTimeout=1s",
                    "caravan.kafka.brokers=127.0.0.1:1",
                    "caravan.kafka.topic=usage");

            // then
            assertThat(answer.exitCode()).as(answer.out()).isEqualTo(1);
            assertThat(answer.out())
                    .containsPattern("X +database +ledger +can't use .* -> see that it runs")
                    .containsPattern("X +sources +kafka ");
        } finally {
            Database.open(ledger);
        }
    }

    private static Path copy(Path from, Path to) throws Exception {
        Files.createDirectories(to);
        try (var files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        return to;
    }
}
