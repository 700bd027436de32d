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
        wrong("which tariff command? import, export, show", "tariff");
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
