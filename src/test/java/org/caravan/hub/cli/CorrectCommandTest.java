package org.caravan.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.caravan.common.Json;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.Database;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** correct as a user runs it, over a ledger whose August a bill issued. */
class CorrectCommandTest {
    private static final String USAGE =
            """
            tenant,datacenter,resource,meter,quantity,unit,begin,end
            acme,north,vm-1,instance,10,hour,2026-08-01T00:00:00Z,2026-08-01T01:00:00Z
            acme,north,vm-2,instance,2.5,hour,2026-08-01T00:00:00Z,2026-08-01T01:00:00Z
            zen,north,vm-3,instance,1,hour,2026-08-01T01:00:00Z,2026-08-01T02:00:00Z
            late,north,vm-4,instance,1,hour,2026-09-01T01:00:00Z,2026-09-01T02:00:00Z
            """;

    @TempDir
    Path current;

    private Console console;

    @BeforeEach
    void billAugust() throws Exception {
        Files.writeString(current.resolve("usage.csv"), USAGE);
        tariff("0.048");
        DatabaseAccess access = Database.freshAccess();
        console = new Console(
                current,
                Map.of(
                        "CARAVAN_LEDGER_URL", access.url(),
                        "CARAVAN_LEDGER_USER", access.user(),
                        "CARAVAN_LEDGER_PASSWORD", access.password(),
                        "CARAVAN_ISSUER", "test"));
        assertThat(console.run(
                                "bill",
                                "2026-08",
                                "--usage",
                                "usage.csv",
                                "--tariff",
                                "tariff.yaml",
                                "--out",
                                "out",
                                "--json")
                        .err())
                .isEmpty();
    }

    private void tariff(String cost) throws Exception {
        Files.writeString(
                current.resolve("tariff.yaml"),
                "currency: NZD\nservices: {instance: {mappings: [{type: flat, cost: \"" + cost + "\"}]}}\n");
    }

    private Console.Answer correct(String... more) {
        return console.run(Console.with(java.util.List.of("correct", "2026-08", "--tariff", "tariff.yaml"), more));
    }

    @Test
    void aPlanShowsTheDifferenceAndACorrectionBillsItOnce() throws Exception {
        // given
        tariff("0.05");
        // when
        Console.Answer plan = correct("--plan");
        Console.Answer done = correct("--reason", "price of August agreed late");
        Console.Answer again = correct("--reason", "price of August agreed late");
        Console.Answer audit = console.run("audit");
        // then
        assertThat(plan.err()).isEmpty();
        assertThat(plan.exitCode()).isZero();
        assertThat(plan.out().lines())
                .containsExactly(
                        "TENANT  RECORDS  CHANGED    OLD    NEW  DIFFERENCE  CURRENCY  BILLED IN",
                        "acme          2        2    0.6  0.625       0.025  NZD       2026-09",
                        "zen           1        1  0.048   0.05       0.002  NZD       2026-09",
                        "all           3        3  0.648  0.675       0.027  NZD",
                        "Nothing was billed.");
        assertThat(done.out().lines().toList())
                .startsWith(plan.out().lines().limit(4).toArray(String[]::new))
                .endsWith("The difference is on each tenant's next document; its month is under BILLED IN.");
        assertThat(again.out())
                .contains("acme: billed for this reason at 2")
                .endsWith("Nothing differs: nothing was billed.\n");
        assertThat(audit.exitCode()).isZero();
        // and: the next document bears it, beside nothing else
        assertThat(console.run("close", "2026-09", "--force").exitCode()).isZero();
        assertThat(console.run("invoices", "show", "INV-2026-000003").out()).contains("instance, rerate of 2026-08");
    }

    @Test
    void scriptsReadItAsOneObject() throws Exception {
        // given
        tariff("0.05");
        // when
        JsonNode plan = Json.mapper()
                .readTree(correct("--plan", "--tenant", "zen", "--json").out());
        JsonNode done = Json.mapper()
                .readTree(
                        correct("--reason", "why", "--tenant", "zen", "--json").out());
        JsonNode again = Json.mapper()
                .readTree(
                        correct("--reason", "why", "--tenant", "zen", "--json").out());
        // then
        assertThat(plan)
                .isEqualTo(
                        Json.mapper()
                                .readTree(
                                        """
                        {"month": "2026-08", "reason": null, "plan": true, "currency": "NZD", "open": [], "tenants": [
                          {"tenant": "zen", "records": 1, "changed": 1, "old": "0.048", "new": "0.05",
                           "difference": "0.002", "unratable": 0, "credited": 0, "billedIn": "2026-09",
                           "billedAt": null}]}
                        """));
        assertThat(done.get("tenants")).isEqualTo(plan.get("tenants"));
        assertThat(again.get("tenants").get(0).get("billedAt").asText()).startsWith("2");
    }

    @Test
    void whatTodaysRulesSayAgainIsSaidSo() {
        // when
        Console.Answer answer = correct("--reason", "to be sure");
        // then
        assertThat(answer.out()).endsWith("Nothing differs: nothing was billed.\n");
    }

    @Test
    void wrongInputIsOneLineAndBillsNothing() throws Exception {
        // given
        tariff("0.05");
        // when, then
        refused(correct(), "--reason TEXT is missing; to look first, use --plan");
        refused(console.run("correct", "2026-8", "--reason", "why"), "month '2026-8': expected YYYY-MM");
        refused(correct("--reason", "why", "--tenant", "acne"), "tenant 'acne': the ledger has no tenant of this name");
        refused(correct("--reason", "why", "--tenant", "late"), "2026-08 is not issued to late yet");
        refused(correct("--reason", " "), "a correction needs a reason");
        refused(correct("--reason", "x".repeat(1_001)), "the reason is 1001 characters long");
        refused(console.run("correct", "2026-09", "--tariff", "tariff.yaml", "--plan"), "2026-09 is issued to nobody");
        refused(console.run("correct", "2026-08", "--plan"), "this ledger has no rules");
        refused(correct("--resaon", "why"), "unknown option '--resaon'");
        Files.writeString(current.resolve("tariff.yaml"), "currency: EUR\nservices: {}\n");
        refused(correct("--plan"), "currency: this ledger rates in NZD, the tariff in EUR");
        Files.writeString(current.resolve("tariff.yaml"), "currency: NZD\nservices: {}\n");
        refused(correct("--plan"), "there are no rules to re-rate by");
        tariff("0.048");
        assertThat(correct("--plan").out()).contains("all           3        0");
    }

    private static void refused(Console.Answer answer, String message) {
        assertThat(answer.err()).startsWith("caravan: " + message).hasLineCount(1);
        assertThat(answer.exitCode()).isEqualTo(2);
        assertThat(answer.out()).isEmpty();
    }
}
