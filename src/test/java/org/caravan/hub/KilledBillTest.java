package org.caravan.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.hub.db.EmbeddedPostgres;
import org.caravan.testing.CaravanProcess;
import org.caravan.testing.FileTree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The example month billed by a process that is killed on the way, and whose database is killed on the way. */
class KilledBillTest {
    /** Kills in all; -Pchaos sets it to 250, as many as of the other kind. */
    private static final int KILLS = Integer.getInteger("caravan.kills", 3);

    /** Kills of one ledger before it is let come to its end. */
    private static final int KILLS_OF_ONE = 4;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    /** How long a bill takes that nobody disturbs, as far as known. */
    private long wholeMillis;

    @Test
    void aBillThatWasKilledAnywhereGoesOnAndComesToTheSame() throws Exception {
        // given: what an undisturbed run comes to
        long begun = System.nanoTime();
        String expected = finish("undisturbed");
        wholeMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        // when: hub or database are killed at moments of a seed that is printed
        long seed = Long.getLong("caravan.seed", new Random().nextLong());
        System.out.println("KilledBillTest: -Dcaravan.seed=" + seed);
        Random random = new Random(seed);
        int killed = 0;
        for (int ledger = 1; killed < KILLS; ledger++) {
            String name = "killed-" + ledger;
            for (int i = 0; i < KILLS_OF_ONE && killed < KILLS; i++) {
                // from a tenth to seven tenths of what a whole run takes on this machine
                if (kill(name, wholeMillis / 10 + random.nextInt((int) (wholeMillis * 6 / 10)), random)) {
                    killed++;
                }
            }
            // then: restarted until done, it is as if nothing had happened
            assertThat(finish(name)).as(name).isEqualTo(expected);
            assertThat(FileTree.contents(directory.resolve(name + "/out")))
                    .as(name)
                    .isEqualTo(FileTree.contents(directory.resolve("undisturbed/out")));
            assertThat(audit(name)).as("audit of %s", name).isZero();
            FileTree.delete(directory.resolve(name));
            if (ledger % 10 == 0) {
                System.out.println("KilledBillTest: " + killed + " kills");
            }
        }
    }

    /**
     * Lets a bill live for so long, then kills it, or its database and then it.
     *
     * @return false if it had come to its end before
     */
    private boolean kill(String name, long aliveMillis, Random random) throws Exception {
        Process bill = start(name);
        if (bill.waitFor(aliveMillis, TimeUnit.MILLISECONDS)) {
            // the machine got faster since it was measured
            wholeMillis = Math.max(1_000, wholeMillis / 2);
            return false;
        }
        if (random.nextInt(3) == 0) {
            CaravanProcess.server(directory.resolve(name + "/data")).ifPresent(ProcessHandle::destroyForcibly);
            // what the hub makes of it is its own matter; it must end
            bill.waitFor(60, TimeUnit.SECONDS);
        }
        bill.destroyForcibly().waitFor();
        return true;
    }

    private int audit(String name) throws Exception {
        return caravan("audit", "--data", directory.resolve(name + "/data").toString())
                .waitFor();
    }

    @Test
    void aDeliveryThatAKilledHubHadBegunIsNotWaitedFor() throws Exception {
        // given: killed while one document was being delivered, with its lease and that of another's fan-out still
        // running
        String expected = finish("killed");
        inLedger(statement -> {
            statement.execute(
                    """
                    update delivery set state = 'delivering', owner = 'killed', lease_until = now() + interval '1 hour',
                           reference = null, committed_at = null
                     where id = (select min(id) from delivery)
                    """);
            statement.execute("delete from delivery_attempt where delivery = (select max(id) from delivery)");
            statement.execute("delete from delivery where id = (select max(id) from delivery)");
            return statement.executeUpdate(
                    """
                    update outbox set state = 'fanning', owner = 'killed', lease_until = now() + interval '1 hour'
                     where not exists (select from delivery v where v.document = outbox.document)
                    """);
        });
        // when
        String resumed = finish("killed");
        // then
        assertThat(resumed).isEqualTo(expected);
        assertThat(uncommitted()).isZero();
        assertThat(audit("killed")).isZero();
    }

    /** What is asked of the killed run's ledger while no hub is at work. */
    private interface Question {
        int ask(Statement statement) throws SQLException;
    }

    private int inLedger(Question question) throws SQLException {
        try (EmbeddedPostgres postgres =
                EmbeddedPostgres.kept(directory.resolve("killed/data"), EmbeddedPostgres.defaultCache())) {
            DatabaseAccess access = postgres.start();
            try (Connection connection = DriverManager.getConnection(access.url(), access.user(), access.password());
                    Statement statement = connection.createStatement()) {
                return question.ask(statement);
            }
        }
    }

    private int uncommitted() throws SQLException {
        return inLedger(statement -> {
            try (ResultSet row = statement.executeQuery(
                    """
                    select count(*) from document d left join delivery v on v.document = d.id and v.state = 'committed'
                     where v.id is null
                    """)) {
                row.next();
                return row.getInt(1);
            }
        });
    }

    /** Runs to the end and answers the summary. */
    private String finish(String name) throws Exception {
        Process bill = start(name);
        int code = bill.waitFor();
        assertThat(code)
                .as(() -> "exit code of " + name + ", which said at last: " + lastErrors())
                .isZero();
        return Files.readString(directory.resolve("bill.json"));
    }

    private String lastErrors() {
        try {
            List<String> lines = Files.readAllLines(directory.resolve("errors.txt"));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private Process start(String name) throws IOException {
        Path home = Path.of("").toAbsolutePath();
        Files.createDirectories(directory.resolve(name));
        return caravan(
                "bill",
                "2026-10",
                "--usage",
                usage(home).toString(),
                "--tariff",
                home.resolve("examples/tariff.yaml").toString(),
                "--out",
                directory.resolve(name + "/out").toString(),
                "--data",
                directory.resolve(name + "/data").toString(),
                "--set",
                "caravan.issuer=test",
                "--set",
                "caravan.batch.size=1000",
                "--set",
                "caravan.delivery.wait=30s",
                "--json");
    }

    /** The example without the stray records of September, which would have to be closed first. */
    private Path usage(Path home) throws IOException {
        Path file = directory.resolve("october.csv");
        if (!Files.exists(file)) {
            Files.write(
                    file,
                    Files.readAllLines(home.resolve("examples/october.csv")).stream()
                            .filter(line -> !line.contains(",2026-09-"))
                            .toList());
        }
        return file;
    }

    private Process caravan(String... arguments) throws IOException {
        return CaravanProcess.command(arguments)
                .redirectOutput(directory.resolve("bill.json").toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("errors.txt").toFile()))
                .start();
    }
}
