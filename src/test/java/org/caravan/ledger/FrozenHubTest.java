package org.caravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.Database;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two hubs whose inputs are not keyed by tenant, so that every batch of one waits for the other's. */
class FrozenHubTest {
    private static final int BATCHES = 40;
    private static final long DEADLINE_SECONDS = 240;
    /** How long it stands still at least; -Pchaos sets it to a minute. */
    private static final long FROZEN_SECONDS = Long.getLong("caravan.frozenSeconds", 0);
    /** Of both; long enough that a hub on a busy machine is not taken for a frozen one. */
    private static final long LOCK_WAIT_SECONDS = Math.max(6, FROZEN_SECONDS / 2);

    private final DatabaseAccess access = Database.freshAccess();
    private final DataSource database = Database.of(access);
    private final List<Process> hubs = new ArrayList<>();

    @AfterEach
    void end() {
        hubs.forEach(Process::destroyForcibly);
    }

    @Test
    void aHubFrozenInItsTransactionStopsNoOtherAndNothingIsBilledTwice() throws Exception {
        // given: both at work, one of them stopped at a moment at which it holds locks
        LedgerSchema.identify(database, "test", "NZD", false);
        Process frozen = hub("a", 0);
        stopInTransaction(frozen);
        long stopped = System.nanoTime();
        // when: the other, with half of the usage in common, works alone
        Process other = hub("b", BATCHES / 2);
        boolean ended = other.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS);
        // then: it came to its end while the first was still frozen, and the first finds its session gone and goes on
        assertThat(ended).as("the other hub waits no longer than its lockWait").isTrue();
        assertThat(other.exitValue()).isZero();
        assertThat(frozen.isAlive()).isTrue();
        long stoodSeconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - stopped);
        Thread.sleep(TimeUnit.SECONDS.toMillis(Math.max(0, FROZEN_SECONDS - stoodSeconds)));
        signal("CONT", frozen);
        assertThat(frozen.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(frozen.exitValue()).isZero();
        assertThat(query("select sum(records) from entry"))
                .isEqualByComparingTo(BigDecimal.valueOf(HubProcess.records(BATCHES + BATCHES / 2)));
        assertThat(query("select sum(quantity) from entry"))
                .isEqualByComparingTo(HubProcess.quantity(BATCHES + BATCHES / 2));
        assertThat(query("select sum(duplicate) from batch"))
                .isEqualByComparingTo(BigDecimal.valueOf(HubProcess.records(BATCHES / 2)));
    }

    private Process hub(String source, int firstBatch) throws Exception {
        Process hub = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HubProcess.class.getName(),
                        access.url(),
                        access.user(),
                        access.password(),
                        source,
                        Integer.toString(firstBatch),
                        Integer.toString(BATCHES),
                        Long.toString(LOCK_WAIT_SECONDS))
                .inheritIO()
                .start();
        hubs.add(hub);
        return hub;
    }

    /** Stops it, looks whether it is within a transaction that holds locks, lets it go on if not, and tries again. */
    private void stopInTransaction(Process hub) throws Exception {
        // past the positions, which are its own: it holds the buckets that the other needs
        String mine =
                """
                select count(*) from pg_stat_activity
                 where datname = current_database() and backend_xid is not null and wait_event = 'ClientRead'
                   and application_name = '%s' and query not like '%%position%%'
                """
                        .formatted(SilentSessions.NAME + hub.pid());
        while (hub.isAlive()) {
            if (query(mine).signum() > 0) {
                signal("STOP", hub);
                // what it had sent before may still be at work
                Thread.sleep(200);
                if (query(mine).signum() > 0) {
                    return;
                }
                signal("CONT", hub);
            }
        }
        throw new AssertionError("the hub ended before it was caught in a transaction");
    }

    private static void signal(String name, Process process) throws Exception {
        int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        assertThat(exit).isZero();
    }

    private BigDecimal query(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getBigDecimal(1);
        }
    }
}
