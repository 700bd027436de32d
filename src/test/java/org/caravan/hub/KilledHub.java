package org.caravan.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.hub.db.EmbeddedPostgres;
import org.caravan.invoice.Audit;
import org.caravan.testing.CaravanProcess;
import org.caravan.testing.Database;

/** A {@code caravan run} in processes that are killed, each going on with the ledger, inbox and invoices of the last. */
final class KilledHub implements AutoCloseable {
    private static final int LONGEST_START_MILLIS = 6_000;
    private static final int LONGEST_STEP_MILLIS = 60;
    private static final long PATIENCE_SECONDS = 240;

    /** What a hub is in the middle of when it is killed; asks for a number that grows as that goes on. */
    enum Stage {
        START(null),
        INGEST("select count(*) from batch"),
        CLOSE("select count(*) from month where state <> 'open'"),
        ISSUE("select count(*) from document"),
        FAN_OUT("select count(*) from outbox where state <> 'pending'"),
        DELIVERY("select count(*) from delivery where state <> 'pending'");

        private final String sql;

        Stage(String sql) {
            this.sql = sql;
        }
    }

    private enum Victim {
        HUB,
        DATABASE,
        BOTH
    }

    final Path directory;
    private final List<String> settings;
    private final Random random;
    private Process hub;
    private Connection connection;

    /** @param directory with {@code in/}; {@code data/} and {@code out/} are made */
    KilledHub(Path directory, List<String> settings, Random random) {
        this.directory = directory;
        this.settings = settings;
        this.random = random;
    }

    /**
     * Starts the hub where none runs, lets it come some way into a stage, and kills it, its database, or both.
     *
     * @param most how far the stage's number may grow until then
     * @param over what says that there is nothing left to disturb
     * @return what was killed and when, for the test's log
     */
    String kill(Stage stage, int most, RunningHub.Condition over) throws Exception {
        start();
        long begun = System.nanoTime();
        if (stage == Stage.START) {
            hub.waitFor(random.nextInt(LONGEST_START_MILLIS), TimeUnit.MILLISECONDS);
        } else {
            long until = await(stage, 0, over) + random.nextInt(Math.max(1, most));
            await(stage, until, over);
            hub.waitFor(random.nextInt(LONGEST_STEP_MILLIS), TimeUnit.MILLISECONDS);
        }
        Victim victim = Victim.values()[random.nextInt(Victim.values().length)];
        if (victim != Victim.DATABASE) {
            hub.destroyForcibly().waitFor();
        }
        if (victim != Victim.HUB) {
            CaravanProcess.server(directory.resolve("data")).ifPresent(ProcessHandle::destroyForcibly);
        }
        return victim + " at " + stage + " after " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun) + " ms";
    }

    /** Waits until the stage's number is above this, or all is over; answers the number. */
    private long await(Stage stage, long above, RunningHub.Condition over) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (long looks = 1; ; looks++) {
            String now = find(stage.sql);
            if (now != null && Long.parseLong(now) > above) {
                return Long.parseLong(now);
            }
            if (looks % 50 == 0 && (!hub.isAlive() || over.holds())) {
                return above;
            }
            assertThat(System.nanoTime()).as("no " + stage).isLessThan(deadline);
            Thread.sleep(3);
        }
    }

    /** Runs, started again wherever it ends, until something holds; then it is told to end, and ends well. */
    void finish(String what, RunningHub.Condition condition) throws Exception {
        RunningHub.await(what, () -> {
            start();
            // a ledger may be settled before the hub that was started last has begun
            return condition.holds() && said().contains("caravan: running as process " + hub.pid() + ";");
        });
        hub.destroy();
        assertThat(hub.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("it ends")
                .isTrue();
        assertThat(hub.exitValue()).as("its exit code").isZero();
        assertThat(EmbeddedPostgres.running(directory.resolve("data"))).isEmpty();
    }

    private void start() throws IOException {
        if (hub != null && hub.isAlive()) {
            return;
        }
        List<String> arguments = new ArrayList<>(
                List.of("run", "--data", directory.resolve("data").toString()));
        settings.forEach(setting -> arguments.addAll(List.of("--set", setting)));
        hub = CaravanProcess.command(arguments.toArray(String[]::new))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("err.txt").toFile()))
                .start();
    }

    /** The first column of the first row as text; null if there is no row, or no database that answers now. */
    String find(String sql) {
        try {
            if (connection == null) {
                DatabaseAccess access =
                        EmbeddedPostgres.running(directory.resolve("data")).orElse(null);
                if (access == null) {
                    return null;
                }
                connection = RunningHub.connect(access);
            }
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                return row.next() ? row.getString(1) : null;
            }
        } catch (SQLException | RuntimeException e) {
            // killed, starting, or not migrated yet
            forgetConnection();
            return null;
        }
    }

    private void forgetConnection() {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            // it was broken
        } finally {
            connection = null;
        }
    }

    /** What is asked of a ledger at rest. */
    interface Question<T> {
        T ask(DatabaseAccess ledger) throws Exception;
    }

    /** Asks while no hub runs. */
    <T> T atRest(Question<T> question) throws Exception {
        forgetConnection();
        try (EmbeddedPostgres postgres =
                EmbeddedPostgres.kept(directory.resolve("data"), EmbeddedPostgres.defaultCache())) {
            DatabaseAccess access = postgres.start();
            for (Audit.Check check : Audit.run(Database.of(access))) {
                assertThat(check.findings()).as(check.name()).isEmpty();
            }
            return question.ask(access);
        }
    }

    String said() throws IOException {
        Path log = directory.resolve("err.txt");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    /** Ends what a failed test left. */
    @Override
    public void close() throws Exception {
        forgetConnection();
        if (hub != null && hub.isAlive()) {
            hub.destroyForcibly().waitFor();
        }
        try (EmbeddedPostgres left =
                EmbeddedPostgres.kept(directory.resolve("data"), EmbeddedPostgres.defaultCache())) {
            left.start();
        }
    }
}
