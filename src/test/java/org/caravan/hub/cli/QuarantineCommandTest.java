package org.caravan.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.caravan.hub.db.EmbeddedPostgres;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as a user gives them, on one kept ledger; each test has a month of its own. */
class QuarantineCommandTest {
    private static final String HEADER = "id,tenant,datacenter,resource,meter,quantity,unit,begin,end\n";

    @TempDir
    private static Path current;

    private static Console console;

    @BeforeAll
    static void aKeptLedger() throws IOException {
        console = new Console(current);
        Files.writeString(
                current.resolve("tariff.yaml"),
                "currency: NZD\nservices:\n  instance:\n    mappings: [{type: flat, cost: \"0.5\"}]\n");
    }

    @Test
    void aConflictIsListedShownAndAccepted() throws IOException {
        // given
        bill("2026-10", "1,a,dc,vm,instance,2,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z\n");
        bill("2026-10", "2,a,dc,vm,instance,5,hour,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z\n");
        // when
        Console.Answer list = run("list", "--data", "data", "--month", "2026-10");
        String id = list.out().lines().skip(1).findFirst().orElseThrow().strip().split(" ")[0];
        Console.Answer show = run("show", id, "--data", "data", "--tariff", "tariff.yaml");
        Console.Answer json = run("show", id, "--data", "data", "--tariff", "tariff.yaml", "--json");
        Console.Answer accepted = run("accept", id, "--data", "data", "--tariff", "tariff.yaml");
        Console.Answer again = run("accept", id, "--data", "data", "--tariff", "tariff.yaml", "--json");
        // then
        assertThat(list.out()).contains("DIFFERENCE").contains("conflict").contains("1.5");
        assertThat(show.out()).contains("bills a difference of 1.5").contains("\"quantity\":\"2\"");
        assertThat(json.out()).contains("\"difference\":\"1.5\"").contains("\"inThePlaceOf\":[{\"record\":{");
        assertThat(accepted.out()).contains("billed in the place of 1 record").endsWith("1 billed\n");
        assertThat(accepted.exitCode()).isZero();
        assertThat(again.out()).contains("\"decided\":1");
        assertThat(new Console(current).run("audit", "--data", "data").exitCode())
                .isZero();
        assertThat(EmbeddedPostgres.running(current.resolve("data"))).isEmpty();
    }

    @Test
    void allUnusableRecordsAreTriedAgainUnderBetterMetersAndTheRestIsDropped() throws IOException {
        // given: a unit that the meter does not know
        Files.writeString(current.resolve("bad.yaml"), "meters: {instance: {unit: hour}}\n");
        Files.writeString(current.resolve("good.yaml"), "meters: {instance: {unit: hour, factor: 1/60}}\n");
        bill(
                "2026-09",
                "1,a,dc,vm,instance,120,tick,2026-09-01T00:00:00Z,2026-09-01T02:00:00Z\n"
                        + "2,a,dc,vm,instance,none,tick,2026-09-01T02:00:00Z,2026-09-01T03:00:00Z\n",
                "--meters",
                "bad.yaml");
        // when
        Console.Answer retried = run(
                "retry",
                "--all",
                "--month",
                "2026-09",
                "--kind",
                "unusable",
                "--data",
                "data",
                "--tariff",
                "tariff.yaml",
                "--meters",
                "good.yaml",
                "--json");
        Console.Answer dropped = run("drop", "--all", "--month", "2026-09", "--reason", "no number", "--data", "data");
        Console.Answer list =
                run("list", "--month", "2026-09", "--state", "all", "--data", "data", "--json", "--limit", "1");
        // then
        assertThat(retried.exitCode()).isEqualTo(3);
        assertThat(retried.out()).contains("\"billed\":1").contains("\"held\":1");
        assertThat(dropped.out()).endsWith("1 dropped\n");
        assertThat(list.out()).contains("\"matching\":2").contains("\"state\":\"retried\"");
        assertThat(run("retry", "--all", "--month", "2026-09", "--data", "data", "--tariff", "tariff.yaml")
                        .out())
                .startsWith("Nothing to do");
    }

    @Test
    void wrongInputIsNamedWithItsRemedy() throws IOException {
        // given
        bill("2026-08", "1,a,dc,vm,instance,x,hour,2026-08-01T00:00:00Z,2026-08-01T01:00:00Z\n");
        String id = run("list", "--month", "2026-08", "--data", "data")
                .out()
                .lines()
                .skip(1)
                .findFirst()
                .orElseThrow()
                .strip()
                .split(" ")[0];
        // when, then
        wrong("what with it?", List.of());
        wrong("unknown command 'lst'; did you mean 'list'?", List.of("lst"));
        wrong("which records?", List.of("drop", "--reason", "x", "--data", "data"));
        wrong("--reason TEXT is missing", List.of("drop", "1", "--data", "data"));
        wrong("exclude each other", List.of("drop", id, "--all", "--reason", "x", "--data", "data"));
        wrong("exclude each other", List.of("drop", id, "--tenant", "a", "--reason", "x", "--data", "data"));
        wrong("quarantine 4711: there is no such record", List.of("show", "4711", "--data", "data"));
        wrong("quarantine 4711: there is no such record", List.of("retry", "4711", "--data", "data"));
        wrong("this ledger has no rules", List.of("retry", id, "--data", "data"));
        wrong("is no conflict but unusable", List.of("accept", id, "--data", "data", "--tariff", "tariff.yaml"));
        wrong(
                "only records of kind conflict",
                List.of("accept", "--all", "--kind", "unusable", "--data", "data", "--tariff", "tariff.yaml"));
        wrong("expected YYYY-MM", List.of("list", "--month", "October", "--data", "data"));
        wrong("--limit 0", List.of("list", "--limit", "0", "--data", "data"));
        wrong("no ledger is there", List.of("list", "--data", "nowhere"));
        Files.writeString(current.resolve("euro.yaml"), "currency: EUR\nservices: {}\n");
        wrong(
                "this ledger rates in NZD, the tariff in EUR",
                List.of("retry", id, "--data", "data", "--tariff", "euro.yaml"));
    }

    private static void wrong(String message, List<String> args) {
        Console.Answer answer = run(args.toArray(String[]::new));
        assertThat(answer.err()).contains(message).hasLineCount(1);
        assertThat(answer.exitCode()).isEqualTo(2);
    }

    private static Console.Answer run(String... args) {
        return console.run(Console.with(List.of("quarantine"), args));
    }

    private static void bill(String month, String lines, String... more) throws IOException {
        Path file = Files.createTempFile(current, "usage", ".csv");
        Files.writeString(file, HEADER + lines);
        // a month without usage: nothing is closed
        Console.Answer answer = console.run(Console.with(
                List.of(
                        "bill",
                        "2026-01",
                        "--usage",
                        file.getFileName().toString(),
                        "--tariff",
                        "tariff.yaml",
                        "--data",
                        "data",
                        "--out",
                        "out"),
                more));
        assertThat(answer.err()).as(month).isEmpty();
    }
}
