package org.caravan.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.caravan.common.Json;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.hub.db.HubDatabase;
import org.caravan.ledger.LedgerSchema;
import org.caravan.rating.TariffFile;
import org.caravan.testing.Database;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TariffCommandTest {
    private static final String TARIFF =
            """
            currency: NZD
            groups: [compute]
            services:
              instance:
                fields:
                  flavor:
                    mappings:
                      - {value: small, cost: "0.048", group: compute}
                      - {value: small, cost: "0.040", group: compute, tenant: acme}
              network:
                mappings: [{cost: "0.11", end: 2027-01-01T00:00:00}, {cost: "0.12", start: 2027-01-01}]
                thresholds: [{level: "250", type: rate, cost: "0.9"}]
            """;

    @TempDir
    Path current;

    private final DatabaseAccess access = Database.freshAccess();

    @BeforeEach
    void begin() throws IOException {
        try (HubDatabase pool = HubDatabase.open(access, 2)) {
            DataSource ledger = pool.dataSource();
            LedgerSchema.identify(ledger, "test", "NZD", false);
        }
        Files.writeString(current.resolve("tariff.yaml"), TARIFF);
    }

    private Console.Answer run(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of(
                "--set",
                "caravan.ledger.url=" + access.url(),
                "--set",
                "caravan.ledger.user=" + access.user(),
                "--set",
                "caravan.ledger.password=" + access.password()));
        return new Console(current).run(all);
    }

    @Test
    void importsPlansExportsAndShows() throws Exception {
        // given
        Console.Answer first = run("tariff", "import", "tariff.yaml");
        assertThat(first.err()).isEmpty();
        assertThat(first.exitCode()).isZero();
        assertThat(first.out())
                .contains("added  instance/flavor=small flat 0.048 [compute]\n")
                .contains("added  network flat 0.12                                   from 2027-01-01T00:00:00Z\n")
                .contains(
                        "Rules: 5 added, 4 names of services, fields and groups, 0 unchanged. They are at version 1.");

        // when: what is there is written and read back
        Console.Answer export = run("tariff", "export");
        run("tariff", "export", "again.yaml");
        // then
        assertThat(export.out()).isEqualTo(Files.readString(current.resolve("again.yaml")));
        assertThat(TariffFile.parse(export.out(), "export").ruleSet())
                .isEqualTo(TariffFile.parse(TARIFF, "tariff").ruleSet());
        assertThat(run("tariff", "import", "again.yaml").out())
                .contains("Rules: 5 unchanged.")
                .contains("version 1.");

        // when: a change is planned
        Files.writeString(current.resolve("dearer.yaml"), TARIFF.replace("0.048", "0.05"));
        JsonNode plan = json(run("tariff", "import", "dearer.yaml", "--dry-run", "--from", "2126-12-01", "--json"));
        // then
        assertThat(plan.get("plan").booleanValue()).isTrue();
        assertThat(plan.get("unchanged").intValue()).isEqualTo(3);
        assertThat(plan.get("changes")).hasSize(2);
        assertThat(plan.get("changes").get(0).toString())
                .isEqualTo(
                        "{\"change\":\"ended\",\"what\":\"mapping\",\"rule\":\"instance/flavor=small flat 0.048 [compute]\","
                                + "\"start\":null,\"end\":\"2126-12-01T00:00:00Z\",\"before\":\"open\"}");
        assertThat(run("tariff", "export").out()).isEqualTo(export.out());

        // when, then: what is in force
        assertThat(run("tariff", "show", "--at", "2026-11-20").out())
                .isEqualTo(
                        """
                        SERVICE   FIELD   VALUE   TYPE  COST   GROUP    TENANT  SINCE  UNTIL
                        instance  flavor  small   flat  0.048  compute
                        instance  flavor  small   flat  0.04   compute  acme
                        network                   flat  0.11                           2027-01-01T00:00:00Z
                        network           >= 250  rate  0.9

                        In NZD, in force at 2026-11-20T00:00:00Z. Rules that begin later: 1; that have ended: 0. Version 1, tariff %s.
                        """
                                .formatted(json(run("tariff", "show", "--json"))
                                        .get("tariff")
                                        .textValue()));
        JsonNode acme = json(run("tariff", "show", "--tenant", "acme", "--at", "2027-06-01", "--json"));
        assertThat(acme.get("mappings").findValuesAsText("cost")).containsExactly("0.040", "0.12");
        assertThat(acme.get("thresholds").findValuesAsText("level")).containsExactly("250");
    }

    @Test
    void diffTellsWhereAFileAndTheLedgerChargeDifferently() throws Exception {
        // given
        run("tariff", "import", "tariff.yaml");
        Files.writeString(
                current.resolve("other.yaml"),
                """
                currency: NZD
                groups: [compute]
                services:
                  instance:
                    fields:
                      flavor:
                        mappings:
                          - {value: small, cost: "0.0480", group: compute}
                          - {value: large, cost: "0.09", group: compute, start: 2127-01-01}
                  network:
                    mappings: [{cost: "0.13"}]
                    thresholds: [{level: "250.0", type: rate, cost: "0.8"}]
                  volume: {}
                """);
        // when
        Console.Answer same = run("tariff", "diff", "tariff.yaml");
        Console.Answer other = run("tariff", "diff", "other.yaml", "--from", "2026-12-01");
        JsonNode json = json(run("tariff", "diff", "other.yaml", "--from", "2026-12-01", "--json"));
        // then
        assertThat(same.exitCode()).isZero();
        assertThat(same.out()).startsWith("No difference: 0 different, 4 the same. For usage that begins at ");
        assertThat(other.exitCode()).isEqualTo(1);
        assertThat(other.out())
                .isEqualTo(
                        """
                        PLACE                                     LEDGER                                                                     other.yaml
                        instance/flavor=small [compute] for acme  flat 0.04                                                                  -
                        network                                   flat 0.11 until 2027-01-01T00:00:00Z, flat 0.12 from 2027-01-01T00:00:00Z  flat 0.13
                        instance/flavor=large [compute]           -                                                                          flat 0.09 from 2127-01-01T00:00:00Z
                        network >= 250                            rate 0.9                                                                   rate 0.8
                        service volume                            -                                                                          there
                        Different: 5 different, 1 the same. For usage that begins at 2026-12-01T00:00:00Z or later.
                        """);
        assertThat(json.get("different").booleanValue()).isTrue();
        assertThat(json.get("differences").findValuesAsText("name"))
                .containsExactly(
                        "instance/flavor=small [compute] for acme",
                        "network",
                        "instance/flavor=large [compute]",
                        "network >= 250",
                        "volume");
        assertThat(json.get("differences").get(1).get("left").toString())
                .isEqualTo("[{\"type\":\"flat\",\"cost\":\"0.11\",\"start\":null,\"end\":\"2027-01-01T00:00:00Z\"},"
                        + "{\"type\":\"flat\",\"cost\":\"0.12\",\"start\":\"2027-01-01T00:00:00Z\",\"end\":null}]");
    }

    @Test
    void diffComparesTwoFilesWithoutALedgerAndTellsErrorsFromDifferences() throws Exception {
        // given
        Files.writeString(current.resolve("other.yaml"), TARIFF.replace("2027", "2028"));
        Files.writeString(current.resolve("euro.yaml"), TARIFF.replace("NZD", "EUR"));
        Console alone = new Console(current);
        // when / then
        assertThat(alone.run("tariff", "diff", "tariff.yaml", "--against", "tariff.yaml")
                        .exitCode())
                .isZero();
        assertThat(alone.run("tariff", "diff", "tariff.yaml", "--against", "other.yaml")
                        .exitCode())
                .isEqualTo(1);
        assertThat(alone.run("tariff", "diff", "tariff.yaml", "--against", "other.yaml", "--from", "2028-01-01")
                        .exitCode())
                .isZero();
        Console.Answer euro = alone.run("tariff", "diff", "euro.yaml", "--against", "tariff.yaml");
        assertThat(euro.exitCode()).isEqualTo(1);
        assertThat(euro.out()).contains("The currencies differ: NZD in tariff.yaml, EUR in euro.yaml.");
        for (String[] wrong : new String[][] {
            {"tariff", "diff", "none.yaml", "--against", "tariff.yaml"},
            {"tariff", "diff", "tariff.yaml", "--against", "none.yaml"},
            {"tariff", "diff", "tariff.yaml", "--data", "nowhere"},
            {"tariff", "diff"},
            {"tariff", "diff", "tariff.yaml", "--from", "soon"}
        }) {
            Console.Answer answer = alone.run(wrong);
            assertThat(answer.exitCode()).as(String.join(" ", wrong)).isEqualTo(2);
            assertThat(answer.err()).hasLineCount(1);
        }
    }

    @Test
    void billAndRateUseTheLedgersRulesWhereNoFileIsGiven() throws Exception {
        // given
        Files.writeString(
                current.resolve("usage.jsonl"),
                "{\"tenant\":\"acme\",\"datacenter\":\"d\",\"resource\":\"r\",\"meter\":\"instance\",\"quantity\":10,"
                        + "\"unit\":\"hour\",\"begin\":\"2026-10-01T00:00:00Z\",\"end\":\"2026-10-01T01:00:00Z\","
                        + "\"metadata\":{\"flavor\":\"small\"}}\n");
        // when, then: no rules
        Console.Answer none = run("bill", "2026-10", "--usage", "usage.jsonl", "--out", "out");
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err()).contains("this ledger has no rules").hasLineCount(1);
        // when
        run("tariff", "import", "tariff.yaml");
        Console.Answer rate = run("rate", "--usage", "usage.jsonl");
        Console.Answer bill = run("bill", "2026-10", "--usage", "usage.jsonl", "--out", "out", "--json");
        // then
        assertThat(rate.out()).contains("\"0.4\"").hasLineCount(1);
        assertThat(json(bill).get("invoices").get(0).get("total").asText()).isEqualTo("0.40");
    }

    @Test
    void aWrongInputIsOneLineAndChangesNothing() throws Exception {
        // given
        run("tariff", "import", "tariff.yaml");
        String before = run("tariff", "export").out();
        Files.writeString(current.resolve("euro.yaml"), TARIFF.replace("NZD", "EUR"));
        Files.writeString(current.resolve("broken.yaml"), "currency: [\n");
        Files.writeString(current.resolve("odd.yaml"), TARIFF.replace("0.048", "cheap"));
        Files.writeString(current.resolve("later.yaml"), TARIFF.replace("0.9", "0.8"));
        // when, then
        wrong("is in EUR, but this ledger rates in NZD", "tariff", "import", "euro.yaml");
        wrong("broken.yaml:", "tariff", "import", "broken.yaml");
        wrong("odd.yaml:8: services.instance.fields.flavor.mappings[0].cost", "tariff", "import", "odd.yaml");
        wrong("none.yaml: no such file", "tariff", "import", "none.yaml");
        wrong("have no dates", "tariff", "import", "later.yaml", "--from", "2126-01-01");
        wrong("--from soon: expected a time such as", "tariff", "import", "tariff.yaml", "--from", "soon");
        wrong("--at 2026-13-01: expected a time", "tariff", "show", "--at", "2026-13-01");
        wrong("none/x.yaml: can't be written", "tariff", "export", "none/x.yaml");
        wrong("FILE is missing", "tariff", "import");
        wrong("unknown command 'impor'; did you mean 'import'?", "tariff", "impor");
        wrong("which tariff command? import, export, show, diff", "tariff");
        assertThat(run("tariff", "export").out()).isEqualTo(before);
    }

    @Test
    void aLedgerMustBeThere() {
        // given
        Console console = new Console(current);
        // when, then
        for (String command : List.of("export", "show")) {
            Console.Answer answer = console.run("tariff", command, "--data", "nowhere");
            assertThat(answer.exitCode()).isEqualTo(2);
            assertThat(answer.err()).contains("nowhere: no ledger is there").hasLineCount(1);
        }
        assertThat(console.run("tariff", "show").err()).contains("--data DIR").hasLineCount(1);
    }

    private void wrong(String expected, String... args) {
        Console.Answer answer = args.length == 1 ? new Console(current).run(args) : run(args);
        assertThat(answer.err()).contains(expected).hasLineCount(1);
        assertThat(answer.exitCode()).isEqualTo(2);
        assertThat(answer.out()).isEmpty();
    }

    private static JsonNode json(Console.Answer answer) throws IOException {
        assertThat(answer.err()).isEmpty();
        return Json.mapper().readTree(answer.out());
    }
}
