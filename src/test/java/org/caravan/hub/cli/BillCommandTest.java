package org.caravan.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.caravan.common.Json;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.Database;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job as a user runs it, through the shipped routes and the shipped connector. */
class BillCommandTest {
    private static final String USAGE =
            """
            id,tenant,datacenter,resource,meter,quantity,unit,begin,end,flavor
            1,acme,north,vm-1,instance,1,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z,small
            2,acme,north,vm-1,instance,1,hour,2026-10-01T01:00:00Z,2026-10-01T02:00:00Z,small
            2,acme,north,vm-1,instance,1,hour,2026-10-01T01:00:00Z,2026-10-01T02:00:00Z,small
            3,zen,north,vm-2,instance,many,hour,2026-10-01T01:00:00Z,2026-10-01T02:00:00Z,small
            4,zen,north,vm-2,instance,1,hour,2026-10-01T01:00:00Z,2026-10-01T02:00:00Z,large
            5,zen,north,vm-2,instance,2,hour,2026-10-01T01:00:00Z,2026-10-01T02:00:00Z,large
            6,zen,north,vm-2,traffic,1,GB,2026-10-01T01:00:00Z,2026-10-01T02:00:00Z,
            7,zen,north,vm-2,instance,1,hour,2026-09-30T23:00:00Z,2026-10-01T00:00:00Z,large
            """;
    private static final String OCTOBER_ONLY = USAGE.substring(0, USAGE.lastIndexOf("7,zen"));
    private static final String TARIFF =
            """
            currency: NZD
            services:
              instance:
                fields:
                  flavor:
                    mappings:
                      - {value: small, type: flat, cost: "0.048"}
                      - {value: large, type: flat, cost: "0.19"}
            """;
    private static final List<String> BILL =
            List.of("bill", "2026-10", "--usage", "usage.csv", "--tariff", "tariff.yaml", "--out", "out");

    @TempDir
    Path current;

    private Console console;

    @BeforeEach
    void makeFiles() throws IOException {
        Files.writeString(current.resolve("usage.csv"), USAGE);
        Files.writeString(current.resolve("tariff.yaml"), TARIFF);
        console = new Console(current);
    }

    @Test
    void aProformaSaysSoEverywhereAndLeavesOnlyItsInvoices() throws IOException {
        // given
        Path temp = Files.createDirectory(current.resolve("temp"));

        // when
        Console.Answer answer = console.run(Console.with(BILL, "--set", "caravan.database.temp=temp"));

        // then
        assertThat(answer.err()).isEmpty();
        assertThat(answer.exitCode()).isZero();
        assertThat(answer.out().lines())
                .anyMatch(line -> line.matches("acme +P-2026-10-0001 +1 +0\\.10 +NZD"))
                .anyMatch(line -> line.matches("zen +P-2026-10-0002 +2 +0\\.19 +NZD"))
                .contains("records: 8 read, 5 accepted, 1 duplicate, 1 conflict, 1 quarantined, 1 unpriced,"
                        + " 1 of other months")
                .anyMatch(line -> line.startsWith("  usage.csv:5: quantity 'many'"))
                .anyMatch(line -> line.startsWith("  usage.csv:7: conflict"));
        assertThat(answer.out().lines().reduce((first, second) -> second).orElseThrow())
                .startsWith("Proforma:");
        assertThat(names("out")).containsExactly("2026-10-P-2026-10-0001-acme.csv", "2026-10-P-2026-10-0002-zen.csv");
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void jsonIsTheDocumentedObjectWithDecimalsAsText() throws IOException {
        // given
        List<String> args = Console.with(BILL, "--json");

        // when
        Console.Answer answer = console.run(args);

        // then
        assertThat(answer.out()).hasLineCount(1);
        JsonNode root = Json.mapper().readTree(answer.out());
        assertThat(fields(root)).containsExactly("month", "currency", "invoices", "records", "quarantine");
        assertThat(root.get("month").textValue()).isEqualTo("2026-10");
        assertThat(root.get("currency").textValue()).isEqualTo("NZD");
        JsonNode invoice = root.get("invoices").get(0);
        assertThat(fields(invoice)).containsExactly("key", "number", "tenant", "total", "exact", "lines");
        assertThat(invoice.get("key").textValue()).endsWith(":acme:2026-10:1");
        assertThat(invoice.get("tenant").textValue()).isEqualTo("acme");
        assertThat(invoice.get("total").textValue()).isEqualTo("0.10");
        assertThat(invoice.get("exact").textValue()).isEqualTo("0.096");
        assertThat(invoice.get("lines").intValue()).isOne();
        assertThat(root.get("records"))
                .isEqualTo(
                        Json.mapper()
                                .readTree(
                                        """
                                {"read": 8, "accepted": 5, "duplicate": 1, "conflict": 1, "quarantined": 1,
                                 "unpriced": 1, "otherMonths": 1}"""));
        assertThat(root.get("quarantine")).hasSize(2);
        assertThat(fields(root.get("quarantine").get(0))).containsExactly("source", "position", "reason");
        assertThat(root.get("quarantine").get(0).get("source").textValue()).isEqualTo("usage.csv");
        assertThat(root.get("quarantine").get(0).get("position").longValue()).isEqualTo(5);
    }

    @Test
    void aTenantsEarlierMonthIsClosedFirst() {
        // given: the last record is of zen's September
        List<String> args = Console.with(BILL, "--data", "data");

        // when
        Console.Answer first = console.run(args);
        Console.Answer held = console.run("close", "2026-10", "--data", "data");
        Console.Answer september = console.run("close", "2026-09", "--data", "data");
        Console.Answer forced = console.run("close", "2026-10", "--data", "data", "--force");
        Console.Answer second = console.run(args);

        // then
        assertThat(first.exitCode()).isEqualTo(1);
        assertThat(first.out().lines())
                .anyMatch(line -> line.matches("acme +INV-2026-000001 +1 +0\\.10 +NZD"))
                .contains("no invoice for zen: 2026-09 is still open for zen; close it first: caravan close 2026-09");
        assertThat(held.exitCode()).isEqualTo(1);
        assertThat(held.out()).contains("in quarantine is what may be usage of 2026-10 of tenant zen");
        assertThat(september.exitCode()).isZero();
        assertThat(september.out().lines()).anyMatch(line -> line.matches("zen +INV-2026-000002 +1 +0\\.19 +NZD"));
        assertThat(forced.exitCode()).isZero();
        assertThat(forced.out().lines()).anyMatch(line -> line.startsWith("overridden: in quarantine"));
        assertThat(second.exitCode()).isZero();
        assertThat(second.out().lines()).anyMatch(line -> line.matches("zen +INV-2026-000003 +2 +0\\.19 +NZD"));
    }

    @Test
    void aKeptLedgerIsNotBilledWherePeopleApprove() {
        // given
        List<String> args = Console.with(BILL, "--data", "data", "--set", "caravan.close.approval=manual");

        // when
        Console.Answer answer = console.run(args);

        // then
        assertThat(answer.exitCode()).isEqualTo(2);
        assertThat(answer.err())
                .hasLineCount(1)
                .contains("caravan.close.approval: manual")
                .contains("caravan approve");
        assertThat(current.resolve("data")).doesNotExist();
    }

    @Test
    void aMonthClosedInTheKeptLedgerIsNotBilledAgain() throws IOException {
        // given
        Files.writeString(current.resolve("usage.csv"), OCTOBER_ONLY);
        List<String> args = Console.with(BILL, "--json", "--data", "data");
        Console.Answer first = console.run(args);
        List<String> written = contents("out");

        // when
        Console.Answer second = console.run(args);

        // then
        assertThat(first.exitCode()).isZero();
        assertThat(first.out()).contains("\"number\":\"INV-2026-000001\"");
        assertThat(second).isEqualTo(first);
        assertThat(contents("out")).isEqualTo(written);
    }

    @Test
    void usageThatComesAfterTheCloseWaitsForTheNextMonth() throws IOException {
        // given
        Files.writeString(current.resolve("usage.csv"), OCTOBER_ONLY);
        List<String> args = Console.with(BILL, "--json", "--data", "data");
        Console.Answer first = console.run(args);
        Files.writeString(
                current.resolve("late.csv"),
                USAGE.lines().findFirst().orElseThrow()
                        + "\n8,acme,north,vm-1,instance,1,hour,2026-10-02T00:00:00Z,2026-10-02T01:00:00Z,small\n");

        // when
        Console.Answer late = console.run(
                "bill",
                "2026-10",
                "--usage",
                "usage.csv",
                "late.csv",
                "--tariff",
                "tariff.yaml",
                "--out",
                "out",
                "--data",
                "data",
                "--json");

        // then
        JsonNode before = Json.mapper().readTree(first.out());
        JsonNode after = Json.mapper().readTree(late.out());
        assertThat(after.get("invoices")).isEqualTo(before.get("invoices"));
        assertThat(after.get("records").get("read").longValue()).isEqualTo(8);
        assertThat(after.get("records").get("otherMonths").longValue()).isEqualTo(1);
        assertThat(names("out")).hasSize(2);
    }

    @Test
    void aLedgerOnAServerOfOnesOwnIsKept() throws IOException {
        // given
        Files.writeString(current.resolve("usage.csv"), OCTOBER_ONLY);
        DatabaseAccess access = Database.freshAccess();
        List<String> args = Console.with(
                BILL,
                "--json",
                "--set",
                "caravan.ledger.url=" + access.url(),
                "--set",
                "caravan.ledger.user=" + access.user(),
                "--set",
                "caravan.ledger.password=" + access.password(),
                "--set",
                "caravan.issuer=acme-cloud");

        // when
        Console.Answer first = console.run(args);
        Console.Answer second = console.run(args);

        // then
        assertThat(first.err()).isEmpty();
        assertThat(first.out()).contains("\"key\":\"acme-cloud:zen:2026-10:1\",\"number\":\"INV-2026-000002\"");
        assertThat(second).isEqualTo(first);
    }

    @Test
    void strictAsksForAttentionWithItsExitCode() {
        // given
        List<String> args = Console.with(BILL, "--strict");

        // when
        Console.Answer answer = console.run(args);

        // then
        assertThat(answer.exitCode()).isEqualTo(3);
        assertThat(names("out")).hasSize(2);
    }

    @Test
    void aFileOfSomeoneElseUnderAnInvoicesNameStopsTheProforma() throws IOException {
        // given
        Files.createDirectory(current.resolve("out"));
        Files.writeString(current.resolve("out/2026-10-P-2026-10-0002-zen.csv"), "mine");
        List<String> before = contents("out");

        // when
        Console.Answer answer = console.run(BILL);

        // then
        assertThat(answer.exitCode()).isEqualTo(2);
        assertThat(answer.err()).hasLineCount(1).contains("2026-10-P-2026-10-0002-zen.csv is there already");
        assertThat(answer.out()).isEmpty();
        assertThat(contents("out")).isEqualTo(before);
    }

    @Test
    void theSameProformaAgainFindsItsOwnFiles() throws IOException {
        // given a name that can't be a file's as it is
        Files.writeString(current.resolve("usage.csv"), USAGE.replace("acme", "a/cme"));
        List<String> args = Console.with(BILL, "--json");
        Console.Answer first = console.run(args);
        List<String> before = contents("out");

        // when
        Console.Answer second = console.run(args);

        // then
        assertThat(second).isEqualTo(first);
        assertThat(second.exitCode()).isZero();
        assertThat(second.out()).contains("\"tenant\":\"a/cme\"");
        assertThat(contents("out")).isEqualTo(before);
    }

    @Test
    void anInvoiceThatCannotBeDeliveredIsNamedAndFailsTheRun() throws IOException {
        // given
        Files.writeString(current.resolve("accounts.yaml"), "defaults: {connectors: [nowhere]}\n");

        // when
        Console.Answer answer = console.run(Console.with(BILL, "--set", "caravan.accounts=accounts.yaml"));

        // then
        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.err().lines().filter(line -> line.startsWith("caravan: invoice P-2026-10-000")))
                .hasSize(2)
                .allMatch(line -> line.contains("nowhere"));
        assertThat(answer.err()).doesNotContain("\tat ");
    }

    @Test
    void aFileMostlyBrokenIsRefusedAndLeavesNothing() throws IOException {
        // given
        StringBuilder broken = new StringBuilder(USAGE.lines().findFirst().orElseThrow());
        for (int i = 0; i < 1_200; i++) {
            broken.append("\n1,acme,north,vm,instance,x,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z,small");
        }
        Files.writeString(current.resolve("usage.csv"), broken + "\n");

        // when
        Console.Answer answer = console.run(Console.with(BILL, "--data", "data"));

        // then
        assertThat(answer.exitCode()).isEqualTo(2);
        assertThat(answer.err()).hasLineCount(1).contains("usage.csv").contains("refused");
        assertThat(current.resolve("out")).doesNotExist();
        assertThat(current.resolve("data")).doesNotExist();
    }

    @Test
    void anEmptyMonthHasNoInvoices() throws IOException {
        // given
        Files.writeString(
                current.resolve("usage.csv"), USAGE.lines().findFirst().orElseThrow() + "\n");

        // when
        Console.Answer answer = console.run(BILL);

        // then
        assertThat(answer.exitCode()).isZero();
        assertThat(answer.out()).contains("No invoices").contains("records: 0 read");
    }

    private List<String> names(String directory) {
        try (Stream<Path> files = Files.list(current.resolve(directory))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private List<String> contents(String directory) {
        List<String> contents = new ArrayList<>();
        for (String name : names(directory)) {
            try {
                contents.add(name + ": "
                        + Files.readString(current.resolve(directory).resolve(name)));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
        return contents;
    }

    private static List<String> fields(JsonNode node) {
        List<String> names = new ArrayList<>();
        for (Iterator<String> i = node.fieldNames(); i.hasNext(); ) {
            names.add(i.next());
        }
        return names;
    }
}
