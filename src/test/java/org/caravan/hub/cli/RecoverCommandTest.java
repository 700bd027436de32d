package org.caravan.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.caravan.common.Json;
import org.caravan.testing.CaravanProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that is lost after today's invoices went out, and what an operator types then. */
class RecoverCommandTest {
    private static final String HEAD = "id,tenant,datacenter,resource,meter,quantity,unit,begin,end\n";
    private static final String TARIFF =
            """
            currency: EUR
            services: {instance: {mappings: [{cost: "0.25"}]}}
            """;

    @TempDir
    Path current;

    private Console.Answer bill(String month, String data) {
        return new Console(current)
                .run(
                        "bill",
                        month,
                        "--usage",
                        month + ".csv",
                        "--tariff",
                        "tariff.yaml",
                        "--data",
                        data,
                        "--out",
                        "out",
                        "--set",
                        "caravan.issuer=test",
                        "--json");
    }

    private Console.Answer run(String... args) {
        return new Console(current).run(args);
    }

    @Test
    void yesterdaysLedgerComesToTodaysInvoicesWithoutIssuingOneTwice() throws Exception {
        // given: September billed and backed up, October billed a day later
        Files.writeString(current.resolve("tariff.yaml"), TARIFF);
        Files.writeString(current.resolve("2026-09.csv"), HEAD + usage("acme", "09-01") + usage("zen", "09-02"));
        Files.writeString(
                current.resolve("2026-10.csv"),
                HEAD + usage("acme", "10-01") + usage("a/b", "10-02") + usage("zen", "10-03"));
        assertThat(bill("2026-09", "data").exitCode()).isZero();
        Console.Answer backup = run("backup", "yesterday", "--data", "data");
        assertThat(backup.exitCode()).isZero();
        assertThat(backup.out()).contains("written").contains("2  document").contains("issuer test");
        JsonNode october = Json.mapper().readTree(bill("2026-10", "data").out());
        Map<String, String> files = files();
        assertThat(run("backup", "--verify", "yesterday").out()).contains("sound");
        // when: restored where the lost one was not
        assertThat(run("restore", "yesterday", "--data", "data").exitCode()).isEqualTo(2);
        Console.Answer restore = run("restore", "yesterday", "--data", "new");
        // then
        assertThat(restore.err()).isEmpty();
        assertThat(restore.exitCode()).isZero();
        assertThat(restore.out()).endsWith("run caravan recover.\n");
        Console.Answer refused = bill("2026-10", "new");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("run caravan recover").hasLineCount(1);
        // when: the wrong directory, then the right one
        Files.createDirectory(current.resolve("wrong"));
        Console.Answer wrong = run("recover", "--data", "new", "--out", "wrong");
        assertThat(wrong.exitCode()).isEqualTo(1);
        assertThat(wrong.out()).contains("csv-directory lacks 2 documents").contains("NOT recovered");
        Console.Answer recover = run("recover", "--data", "new", "--out", "out");
        // then
        assertThat(recover.exitCode()).isZero();
        assertThat(recover.out()).contains("INV-2026-000005").contains("3 documents wait to be issued again");
        assertThat(run("audit", "--data", "new").exitCode()).isEqualTo(1);
        // when
        Console.Answer again = bill("2026-10", "new");
        // then
        assertThat(again.err()).isEmpty();
        assertThat(Json.mapper().readTree(again.out()).get("invoices")).isEqualTo(october.get("invoices"));
        assertThat(files()).isEqualTo(files);
        assertThat(run("audit", "--data", "new").exitCode()).isZero();
        Console.Answer settled = run("recover", "--data", "new", "--out", "out", "--json");
        assertThat(settled.exitCode()).isZero();
        assertThat(Json.mapper()
                        .readTree(settled.out())
                        .at("/documents/0/state")
                        .asText())
                .isEqualTo("issued");
    }

    @Test
    void aRestoreThatWasKilledIsNoLedgerUntilItIsDoneAgain() throws Exception {
        // given
        Files.writeString(current.resolve("tariff.yaml"), TARIFF);
        Files.writeString(current.resolve("2026-09.csv"), HEAD + usage("acme", "09-01"));
        assertThat(bill("2026-09", "data").exitCode()).isZero();
        assertThat(run("backup", "yesterday", "--data", "data").exitCode()).isZero();
        Path mark = current.resolve("new/restore.unfinished");
        // when: as soon as it has begun
        Process restore = caravan("restore", "yesterday", "--data", "new");
        while (restore.isAlive() && !Files.exists(mark)) {
            Thread.sleep(1);
        }
        restore.destroyForcibly();
        assertThat(restore.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(mark).exists();
        // then
        for (String command : List.of("audit", "recover")) {
            Console.Answer refused = run(command, "--data", "new");
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err()).contains("half restored").hasLineCount(1);
        }
        assertThat(bill("2026-09", "new").err()).contains("half restored");
        // when
        assertThat(run("restore", "yesterday", "--data", "new").exitCode()).isZero();
        // then
        assertThat(mark).doesNotExist();
        assertThat(run("audit", "--data", "new").out()).contains("not recovered");
    }

    @Test
    void wrongInputIsOneLineAndLeavesNothing() throws Exception {
        // given
        Files.writeString(current.resolve("no-backup"), "tenant,amount\n");
        // when / then
        assertThat(wrong("restore", "no-backup", "--data", "new")).contains("no backup of Caravan");
        assertThat(wrong("restore", "nowhere", "--data", "new")).contains("no such file");
        assertThat(wrong("backup", "--verify", "no-backup")).contains("no backup of Caravan");
        assertThat(wrong("backup", "file", "--data", "new")).contains("no ledger is there");
        assertThat(wrong("recover", "--data", "new", "--accept", "INV-2026-000001"))
                .contains("--reason");
        assertThat(wrong("recover", "--data", "new", "--confirm", "openerp")).contains("CONNECTOR=VALUE");
        try (Stream<Path> files = Files.list(current)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("no-backup");
        }
    }

    private String wrong(String... args) {
        Console.Answer answer = run(args);
        assertThat(answer.exitCode()).isEqualTo(2);
        assertThat(answer.err()).hasLineCount(1);
        return answer.err();
    }

    private static String usage(String tenant, String day) {
        return "1," + tenant + ",nz-1,vm-" + tenant + ",instance,3,hour,2026-" + day + "T00:00:00Z,2026-" + day
                + "T03:00:00Z\n";
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(current.resolve("out"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                found.put(file.toString(), Files.readString(file) + Files.getLastModifiedTime(file));
            }
        }
        return found;
    }

    private Process caravan(String... arguments) throws IOException {
        return CaravanProcess.command(arguments)
                .directory(current.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
