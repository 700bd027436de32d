package org.caravan.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.caravan.common.Json;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.Database;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** credit and invoices as a user runs them, over a ledger that a bill began. */
class CreditCommandTest {
    private static final String USAGE =
            """
            id,tenant,datacenter,resource,meter,quantity,unit,begin,end,flavor
            1,acme,north,vm-1,instance,1,hour,2026-08-01T00:00:00Z,2026-08-01T01:00:00Z,small
            2,acme,north,vm-2,instance,10,hour,2026-08-01T00:00:00Z,2026-08-01T01:00:00Z,large
            3,zen,north,vm-3,instance,1,hour,2026-08-01T01:00:00Z,2026-08-01T02:00:00Z,small
            """;
    private static final String TARIFF =
            """
            currency: NZD
            services:
              instance:
                fields:
                  flavor:
                    mappings:
                      - {value: small, type: flat, cost: "0.5"}
                      - {value: large, type: flat, cost: "0.75"}
            """;
    private static final String[] BILL = {
        "bill", "2026-08", "--usage", "usage.csv", "--tariff", "tariff.yaml", "--out", "out", "--json"
    };

    @TempDir
    Path current;

    private Console console;

    @BeforeEach
    void billAugust() throws Exception {
        Files.writeString(current.resolve("usage.csv"), USAGE);
        Files.writeString(current.resolve("tariff.yaml"), TARIFF);
        DatabaseAccess access = Database.freshAccess();
        console = new Console(
                current,
                Map.of(
                        "CARAVAN_LEDGER_URL", access.url(),
                        "CARAVAN_LEDGER_USER", access.user(),
                        "CARAVAN_LEDGER_PASSWORD", access.password(),
                        "CARAVAN_ISSUER", "test"));
        assertThat(console.run(BILL).err()).isEmpty();
    }

    @Test
    void anInvoiceIsLookedUpCreditedInPartThenWhollyAndItsNotesAreDelivered() throws Exception {
        // given
        Console.Answer shown = console.run("invoices", "show", "INV-2026-000001");
        assertThat(shown.err()).isEmpty();
        assertThat(shown.out().lines())
                .anyMatch(line -> line.matches(" *1 +north +instance +1 +hour +0\\.5 +0\\.50"))
                .anyMatch(line -> line.matches(" *2 +north +instance +10 +hour +0\\.75 +7\\.50"))
                .anyMatch(line -> line.matches("csv-directory +committed +1 +2026-08-INV-2026-000001-acme\\.csv"));

        // when
        Console.Answer dry =
                console.run("credit", "INV-2026-000001", "--lines", "2", "--reason", "wrong flavor", "--dry-run");
        Console.Answer part = console.run("credit", "INV-2026-000001", "--lines", "2", "--reason", "wrong flavor");
        Console.Answer rest = console.run("credit", "INV-2026-000001", "--reason", "all of it", "--json");

        // then
        assertThat(dry.out())
                .contains("Would credit line 2 of INV-2026-000001 of acme: -7.50 NZD.", "Nothing was issued.");
        assertThat(part.out()).contains("CN-20").contains("credits line 2 of INV-2026-000001 of acme: -7.50 NZD.");
        JsonNode note = Json.mapper().readTree(rest.out());
        assertThat(rest.out()).hasLineCount(1);
        assertThat(note.get("issued").booleanValue()).isTrue();
        assertThat(note.get("corrects").textValue()).isEqualTo("INV-2026-000001");
        assertThat(note.get("total").textValue()).isEqualTo("-0.50");
        assertThat(note.get("credited").toString()).isEqualTo("[1]");

        // when: the next bill of the month delivers what waits
        Console.Answer bill = console.run(BILL);

        // then
        assertThat(bill.err()).isEmpty();
        assertThat(Json.mapper().readTree(bill.out()).get("invoices")).hasSize(2);
        JsonNode list = Json.mapper()
                .readTree(console.run("invoices", "2026-08", "--account", "acme", "--json")
                        .out());
        assertThat(list.get("documents")).hasSize(3).allSatisfy(document -> assertThat(
                        document.get("deliveries").textValue())
                .isEqualTo("committed 1"));
        assertThat(list.get("documents").get(0).get("credited").textValue()).isEqualTo("-8.00");
        try (Stream<Path> files = Files.list(current.resolve("out"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .filteredOn(file -> file.contains("acme"))
                    .hasSize(3)
                    .contains("2026-08-" + note.get("number").textValue() + "-acme.csv");
        }
        assertThat(console.run("invoices", "show", "INV-2026-000001").out().lines())
                .anyMatch(line -> line.matches(" *2 .* 7\\.50 +CN-\\d{4}-000001"))
                .anyMatch(line -> line.matches("CN-\\d{4}-000002 .* -0\\.50 +all of it"));
        assertThat(console.run("audit").exitCode()).isZero();
    }

    @Test
    void aCreditRepeatedAfterALostAnswerNamesItsNoteAndCreditsNothing() throws Exception {
        // given
        String[] credit = {"credit", "INV-2026-000002", "--reason", "billed twice"};
        assertThat(console.run(credit).exitCode()).isZero();

        // when
        Console.Answer again = console.run(credit);

        // then
        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.out()).isEmpty();
        assertThat(again.err())
                .hasLineCount(1)
                .matches("(?s)caravan: INV-2026-000002 is credited completely already, by CN-\\d{4}-000001 of .*"
                        + "\\(billed twice\\); nothing was issued\n");
        JsonNode documents =
                Json.mapper().readTree(console.run("invoices", "--json").out()).get("documents");
        BigDecimal sum = BigDecimal.ZERO;
        for (JsonNode document : documents) {
            if (document.get("account").textValue().equals("zen")) {
                sum = sum.add(new BigDecimal(document.get("total").textValue()));
            }
        }
        assertThat(documents).hasSize(3);
        assertThat(sum).isZero();
    }

    @Test
    void wrongInputIsOneLineThatNamesTheRemedy() {
        // given: command and message; one ledger serves all, as nothing changes it
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("credit INV-2026-000001", "--reason TEXT is missing");
        wrong.put("credit --reason x", "NUMBER is missing");
        wrong.put("credit INV-2026-00001 --reason x", "no document INV-2026-00001; did you mean 'INV-2026-000001'?");
        wrong.put("credit INV-2026-000001 --lines 3 --reason x", "has no line 3, its lines are 1 to 2");
        wrong.put("credit INV-2026-000001 --lines 2-1 --reason x", "'2-1' is neither a line's number nor a range");
        wrong.put("credit INV-2026-000001 --lines 1,,2 --reason x", "'' is neither a line's number nor a range");
        wrong.put("credit INV-2026-000001 --lines 0 --reason x", "'0' is neither a line's number nor a range");
        wrong.put("credit INV-2026-000001 --lines 1-9999999 --reason x", "'1-9999999' is neither");
        wrong.put("invoices show INV-2026-000009", "no document INV-2026-000009; did you mean");
        wrong.put("invoices 2026-13", "month '2026-13': expected YYYY-MM");
        wrong.put("invoices --limit 0", "--limit 0: expected a number from 1");
        wrong.forEach((command, message) -> {
            // when
            Console.Answer answer = console.run(command.split(" "));
            // then
            assertThat(answer.exitCode()).as(command).isEqualTo(2);
            assertThat(answer.out()).as(command).isEmpty();
            assertThat(answer.err()).as(command).hasLineCount(1).contains(message);
        });
        assertThat(console.run("invoices").out()).doesNotContain("CN-");
    }
}
