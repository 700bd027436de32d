package org.caravan.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.caravan.hub.db.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands for deliveries, as a person meets them after a bill: each invoice went into a directory, and a second
 * connector lost its answer. One ledger for all, its server held by somebody.
 */
@TestMethodOrder(OrderAnnotation.class)
class DeliveriesCommandTest {
    private static final String FIRST = "INV-2026-000001";
    private static final String SECOND = "INV-2026-000002";

    @TempDir
    static Path home;

    private static EmbeddedPostgres holder;
    private static Console.Answer billed;

    @BeforeAll
    static void billAMonth() throws Exception {
        Files.createDirectory(home.resolve("connectors"));
        Files.copy(
                Path.of("connectors/csv-directory-sink.kamelet.yaml"),
                home.resolve("connectors/csv-directory-sink.kamelet.yaml"));
        Files.writeString(
                home.resolve("connectors/post-sink.kamelet.yaml"),
                """
                kind: Kamelet
                metadata: {name: post-sink}
                spec:
                  definition:
                    title: Post
                    required: [street]
                    properties: {street: {type: string}}
                  template:
                    from:
                      uri: kamelet:source
                      steps: [{log: "{{street}}"}]
                """);
        Files.writeString(home.resolve("accounts.yaml"), "defaults: {connectors: [csv-directory, post]}\n");
        Files.writeString(
                home.resolve("usage.csv"),
                """
                id,tenant,datacenter,resource,meter,quantity,unit,begin,end
                1,acme,nz,vm-1,instance,1,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z
                2,zen,nz,vm-2,instance,1,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z
                """);
        Files.writeString(
                home.resolve("tariff.yaml"), "currency: NZD\nservices: {instance: {mappings: [{cost: \"0.25\"}]}}\n");
        billed = caravan("bill", "2026-10", "--usage", "usage.csv", "--tariff", "tariff.yaml", "--out", "out");
        holder = EmbeddedPostgres.kept(home.resolve("data"), EmbeddedPostgres.defaultCache());
        holder.start();
    }

    @AfterAll
    static void letGo() {
        holder.close();
    }

    @Test
    @Order(1)
    void theListSaysWhatIsWrongAndWhatToDo() throws Exception {
        // given
        assertThat(billed.exitCode()).as(billed.err()).isEqualTo(1);

        // when
        Console.Answer list = caravan("deliveries", "list");
        JsonNode json = json(caravan("deliveries", "list", "--json", "--limit", "1"));
        Console.Answer none = caravan("deliveries", "list", "--state", "parked");

        // then
        assertThat(list.exitCode()).isZero();
        assertThat(list.out())
                .contains(FIRST, SECOND, "in-doubt", "why:  the connector ended without the header", "2 in-doubt")
                .contains("next: look in the ERP for " + FIRST)
                .doesNotContain("csv-directory");
        assertThat(json.get("total").asInt()).isEqualTo(2);
        assertThat(json.get("deliveries")).hasSize(1);
        assertThat(json.get("deliveries").get(0).get("connector").asText()).isEqualTo("post");
        assertThat(none.out()).startsWith("Nothing");
    }

    @Test
    @Order(2)
    void wrongInputIsRefusedInALine() {
        // given
        List<List<String>> wrong = List.of(
                List.of("deliveries"),
                List.of("deliveries", "lits"),
                List.of("deliveries", "list", "--state", "pendin"),
                List.of("deliveries", "list", "--limit", "0"),
                List.of("deliveries", "list", "--month", "2026-13"),
                List.of("deliveries", "show"),
                List.of("deliveries", "show", "999"),
                List.of("deliveries", "show", "INV-1"),
                List.of("deliveries", "retry"),
                List.of("deliveries", "retry", FIRST, "--all"),
                List.of("deliveries", "retry", FIRST, "--connector", "pots"),
                List.of("deliveries", "park", FIRST),
                List.of("deliveries", "adopt", FIRST),
                List.of("deliveries", "adopt", FIRST, "R1"),
                List.of("deliveries", "adopt", FIRST, "R1", "--connector", "post", "--total", "4,80"),
                List.of("deliveries", "adopt", FIRST, " ", "--connector", "post"),
                List.of("deliveries", "resend", FIRST, "--connector", "post"),
                List.of("deliveries", "backfill", "post"),
                List.of("deliveries", "backfill", "pots", "--all"),
                List.of("deliveries", "backfill", "post", "--number", "INV-1"),
                List.of("deliveries", "backfill", "post", "--since", "yesterday"));
        for (List<String> args : wrong) {
            // when
            Console.Answer answer = caravan(args.toArray(String[]::new));

            // then
            assertThat(answer.exitCode()).as(args + answer.err()).isEqualTo(2);
            assertThat(answer.err()).as(args.toString()).startsWith("caravan: ").hasLineCount(1);
            assertThat(answer.out()).as(args.toString()).isEmpty();
        }
        assertThat(caravan("deliveries", "lits").err()).contains("did you mean 'list'?");
        assertThat(caravan("deliveries", "backfill", "pots", "--all").err()).contains("did you mean 'post'?");
        assertThat(caravan("deliveries", "list", "--state", "in-doubt").out()).contains("2 in-doubt");
    }

    @Test
    @Order(3)
    void doubtIsEndedByAPersonOnly() throws Exception {
        // when
        Console.Answer retried = caravan("deliveries", "retry", FIRST);
        Console.Answer both = caravan("deliveries", "retry", "--all", "--state", "in-doubt");
        Console.Answer parked = caravan("deliveries", "park", FIRST, "--reason", "asking accounting");
        Console.Answer adopted = caravan(
                "deliveries", "adopt", FIRST, "P-17", "--connector", "post", "--total", "0.26", "--reason", "seen");
        Console.Answer corrected =
                caravan("deliveries", "adopt", FIRST, "P-17", "--connector", "post", "--total", "0.25", "--json");
        Console.Answer resent =
                caravan("deliveries", "resend", SECOND, "--connector", "post", "--yes", "--reason", "not there");

        // then
        assertThat(retried.exitCode()).isEqualTo(2);
        assertThat(retried.err())
                .contains("may have reached the ERP")
                .contains("deliveries adopt")
                .hasLineCount(1);
        assertThat(both.exitCode()).isZero();
        assertThat(both.out()).contains("left alone: " + FIRST).contains("0 changed, 0 unchanged, 2 refused");
        assertThat(parked.out()).contains("is parked");
        assertThat(adopted.exitCode()).isEqualTo(1);
        assertThat(adopted.err()).contains("ALARM").contains("0.26").hasLineCount(1);
        assertThat(corrected.exitCode()).isZero();
        assertThat(json(corrected).get("changed").asInt()).isEqualTo(1);
        assertThat(resent.out()).contains("is due now");

        // when
        Console.Answer story = caravan("deliveries", "show", FIRST, SECOND);
        JsonNode events = json(caravan("deliveries", "show", FIRST, "--connector", "post", "--json"))
                .get("deliveries")
                .get(0)
                .get("events");

        // then
        assertThat(story.out())
                .contains(
                        FIRST + " (fan-out): done",
                        FIRST + " at csv-directory",
                        "attempt 1 begins",
                        "park in-doubt -> parked (" + System.getProperty("user.name") + "): asking accounting",
                        "adopt parked -> committed",
                        "P-17",
                        "resend in-doubt -> retrying");
        assertThat(events).hasSize(5);
    }

    @Test
    @Order(4)
    void aConnectorCanBeAddedLater() throws Exception {
        // given
        Files.writeString(
                home.resolve("connectors/later-sink.kamelet.yaml"), "kind: Kamelet\nmetadata: {name: later-sink}\n");

        // when
        Console.Answer dry = caravan("deliveries", "backfill", "later", "--month", "2026-10", "--dry-run");
        Console.Answer one = caravan("deliveries", "backfill", "later", "--number", FIRST);
        Console.Answer rest = caravan("deliveries", "backfill", "later", "--since", "2026-10-01", "--json");
        Console.Answer again = caravan("deliveries", "backfill", "later", "--all");

        // then
        assertThat(dry.out()).contains("2 documents lack connector later");
        assertThat(one.out()).contains("1 documents now go to connector later");
        assertThat(json(rest).get("documents").asInt()).isEqualTo(1);
        assertThat(again.out()).startsWith("0 documents");
        assertThat(caravan("deliveries", "list", "--connector", "later").out()).contains("2 pending");
    }

    @Test
    @Order(5)
    void connectorsAreShownWithTheirPromiseAndTheirBacklog() throws Exception {
        // given: one that can't be read
        Path broken = Files.writeString(home.resolve("connectors/broken-sink.kamelet.yaml"), "kind: Pipe\n");

        // when
        Console.Answer list = caravan("connector", "list");
        Files.delete(broken);
        Files.delete(home.resolve("connectors/later-sink.kamelet.yaml"));
        JsonNode json = json(caravan("connector", "list", "--json")).get("connectors");

        // then
        assertThat(list.exitCode()).isEqualTo(1);
        assertThat(list.out())
                .contains("broken-sink.kamelet.yaml:1", "not a Kamelet")
                .contains("exactly once", "at most once")
                .contains("street (set)", "1 committed", "1 retrying");
        assertThat(json).hasSize(3);
        assertThat(json.get(0).get("name").asText()).isEqualTo("csv-directory");
        assertThat(json.get(0).get("deliveries").get("committed").asInt()).isEqualTo(2);
        assertThat(json.get(1).get("problem").asText()).contains("no later-sink.kamelet.yaml");
    }

    private static Console.Answer caravan(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        boolean group = args.length == 1 || args[1].equals("lits");
        if (!group) {
            all.addAll(List.of(
                    "--data",
                    "data",
                    "--set",
                    "caravan.accounts=accounts.yaml",
                    "--set",
                    "caravan.connectors.directory=connectors",
                    "--set",
                    "camel.kamelet.post-sink.street=Quay"));
        }
        return new Console(home).run(all);
    }

    private static JsonNode json(Console.Answer answer) throws Exception {
        return new ObjectMapper().readTree(answer.out());
    }
}
