package org.caravan.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.hub.db.EmbeddedPostgres;
import org.caravan.invoice.Audit;
import org.caravan.testing.CaravanProcess;
import org.caravan.testing.Database;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code caravan run} as a process: killed, told to end, doubled, and with its database killed. */
class RunTest {
    private static final Path HOME = Path.of("").toAbsolutePath();
    /** So much of the example that a kill finds its middle. */
    private static final int LINES = 6_000;

    private static final String TOTALS = "select sum(records) || ' ' || sum(quantity) || ' ' || sum(amount) || ' '"
            + " || sum(seconds) || ' ' || (select count(*) from quarantine) from entry";
    private static final String READ = "select coalesce(max(value), 0) from position";

    private static String undisturbed;

    @TempDir
    Path directory;

    private int managementPort;
    private final List<Process> processes = new ArrayList<>();
    private Path data;
    private Path inbox;
    private Path october;

    @BeforeEach
    void make() throws IOException {
        data = directory.resolve("data");
        inbox = Files.createDirectory(directory.resolve("in"));
        october = directory.resolve("october.csv");
        try (Stream<String> lines = Files.lines(HOME.resolve("examples/october.csv"))) {
            Files.write(october, lines.limit(LINES).toList());
        }
    }

    @AfterEach
    void endWhatATestLeft() throws Exception {
        for (Process process : processes) {
            if (process.isAlive()) {
                process.destroyForcibly().waitFor();
            }
        }
        // a failed test leaves a server behind, which the next owner takes over and ends
        try (EmbeddedPostgres left = EmbeddedPostgres.kept(data, EmbeddedPostgres.defaultCache())) {
            left.start();
        }
    }

    @Test
    void aFileThatAKillOrAnEndCutIsReadOnWhereTheLedgerStands() throws Exception {
        // given
        Files.copy(october, inbox.resolve("october.csv"));
        Process killed = run();
        awaitRead(1_500);

        // when: killed in the middle of the file
        killed.destroyForcibly().waitFor();

        // then
        assertThat(inbox.resolve("october.csv")).exists();

        // when: the next one is told to end in the middle of it
        Process told = run();
        awaitRead(3_000);
        told.destroy();

        // then
        assertThat(told.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(told.exitValue()).isZero();
        assertThat(said()).contains("left in the middle by a stop; it goes on at the next start", "caravan: ended");
        assertThat(inbox.resolve("october.csv")).exists();
        assertThat(EmbeddedPostgres.running(data)).isEmpty();

        // when
        Process last = run();
        RunningHub.await("the file is read", () -> Files.exists(inbox.resolve(".done/october.csv")));

        // then
        assertThat(ask(TOTALS)).isEqualTo(undisturbed());
        assertThat(ask("select count(distinct key) from position")).isEqualTo("1");
        assertThat(findings()).isEmpty();
        last.destroy();
        assertThat(exitCode(last)).isZero();
    }

    @Test
    void aHubIsAloneOnItsDataAndOutlivesItsDatabase() throws Exception {
        // given
        try (ServerSocket free = new ServerSocket(0)) {
            managementPort = free.getLocalPort();
        }
        Process hub = run();
        awaitSaid("caravan: running");

        // when: it wants the same port, too
        Process second = run();

        // then
        assertThat(exitCode(second)).isEqualTo(1);
        assertThat(said().lines().filter(line -> line.contains("is in use by process")))
                .singleElement()
                .asString()
                .startsWith("caravan: data directory " + data + " is in use by process " + hub.pid() + ";");

        // when: the server is killed, and usage comes in
        long server = server();
        ProcessHandle.of(server).orElseThrow().destroyForcibly();
        Files.copy(october, inbox.resolve("october.csv"));
        RunningHub.await("the file is read", () -> Files.exists(inbox.resolve(".done/october.csv")));

        // then
        assertThat(hub.isAlive()).isTrue();
        assertThat(server()).isNotEqualTo(server);
        assertThat(ask(TOTALS)).isEqualTo(undisturbed());

        // when: it is killed in the middle of a file
        Files.writeString(
                inbox.resolve("november.csv"), Files.readString(october).replace("2026-10-", "2026-09-"));
        RunningHub.await(
                "reading has begun", () -> Integer.parseInt(ask("select count(*) from position where not done")) == 1);
        ProcessHandle.of(server()).orElseThrow().destroyForcibly();
        RunningHub.await("the file is read", () -> Files.exists(inbox.resolve(".done/november.csv")));

        // then
        assertThat(ask("select count(*) from position where done")).isEqualTo("2");
        assertThat(findings()).isEmpty();
        hub.destroy();
        assertThat(exitCode(hub)).isZero();
        assertThat(EmbeddedPostgres.running(data)).isEmpty();
    }

    /** What an audit beside the hub that runs finds. */
    private List<String> findings() throws Exception {
        HubConfig config = new HubConfig.Builder(HOME, HOME)
                .option("--data", Settings.DATA, data)
                .build();
        try (OpenLedger ledger = OpenLedger.open(config)) {
            return Audit.run(ledger.dataSource()).stream()
                    .flatMap(check -> check.findings().stream())
                    .toList();
        }
    }

    /** What the example comes to where nothing is killed. */
    private String undisturbed() throws Exception {
        if (undisturbed == null) {
            undisturbed = bill();
        }
        return undisturbed;
    }

    private String bill() throws Exception {
        DatabaseAccess ledger = Database.freshAccess();
        Path other = Files.createDirectory(directory.resolve("undisturbed"));
        Files.copy(october, other.resolve("october.csv"));
        try (RunningHub hub = RunningHub.start(ledger, other, Clock.systemUTC())) {
            RunningHub.await("the file is read", () -> Files.exists(other.resolve(".done/october.csv")));
        }
        return RunningHub.ask(ledger, TOTALS);
    }

    private Process run() throws IOException {
        return caravan(
                "run",
                "--data",
                data.toString(),
                "--set",
                "caravan.inbox=" + inbox,
                "--set",
                "caravan.management.port=" + managementPort,
                "--set",
                "caravan.api.port=0",
                "--set",
                "caravan.close.auto=false",
                "--set",
                "caravan.inbox.rest=200ms",
                "--set",
                "caravan.inbox.poll=200ms",
                "--set",
                "caravan.tariff=" + HOME.resolve("examples/tariff.yaml"),
                "--set",
                "caravan.meters=" + HOME.resolve("examples/meters.yaml"),
                "--set",
                "caravan.batch.size=100");
    }

    private Process caravan(String... arguments) throws IOException {
        Process process = CaravanProcess.command(arguments)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("out.txt").toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("err.txt").toFile()))
                .start();
        processes.add(process);
        return process;
    }

    private static int exitCode(Process process) throws InterruptedException {
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private void awaitRead(long line) throws Exception {
        RunningHub.await("line " + line + " is read", () -> {
            try {
                return Long.parseLong(ask(READ)) >= line;
            } catch (SQLException | IllegalStateException e) {
                // still starting
                return false;
            }
        });
    }

    private void awaitSaid(String text) throws Exception {
        RunningHub.await(text, () -> said().contains(text));
    }

    private String said() throws IOException {
        return Files.readString(directory.resolve("err.txt"));
    }

    private String ask(String sql) throws SQLException {
        return RunningHub.ask(
                EmbeddedPostgres.running(data).orElseThrow(() -> new IllegalStateException("no server")), sql);
    }

    private long server() throws IOException {
        return CaravanProcess.serverId(data).orElseThrow();
    }
}
