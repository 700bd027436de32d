package org.caravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.caravan.testing.Database;
import org.junit.jupiter.api.Test;

/** A schema on its way up, whose hub is killed. */
class KilledMigrationTest {
    private static final String FIRST = "1";

    @Test
    void aMigrationThatIsKilledBesideAnyCommitGoesOnAtTheNextStart() throws Exception {
        // given: how many moments there are
        Killed whole = new Killed(Database.empty(), Integer.MAX_VALUE);
        LedgerSchema.migrate(whole.dataSource(), FIRST);
        assertThat(whole.moments).isGreaterThanOrEqualTo(4);
        for (int moment = 1; moment <= whole.moments; moment++) {
            DataSource database = Database.empty();
            // when: killed there
            Killed killed = new Killed(database, moment);
            try {
                LedgerSchema.migrate(killed.dataSource(), FIRST);
            } catch (RuntimeException | Death e) {
                // as after a kill; after the last COMMIT nothing is left to fail
            }
            // then
            assertThat(killed.moments).isGreaterThanOrEqualTo(moment);
            LedgerSchema.migrate(database, FIRST);
            try (Connection connection = database.getConnection()) {
                assertThat(LedgerSchema.version(connection)).isEqualTo(1);
            }
            // not only noted, but done
            LedgerSchema.identify(database, "test", "NZD", false);
        }
    }

    /** Connections that all end at one moment: before or after a COMMIT. */
    private static final class Killed {
        private final DataSource database;
        private final int last;
        private final List<Connection> open = new ArrayList<>();
        private int moments;

        Killed(DataSource database, int last) {
            this.database = database;
            this.last = last;
        }

        DataSource dataSource() {
            return proxy(DataSource.class, database);
        }

        private <T> T proxy(Class<T> type, T target) {
            return type.cast(Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                        if (moments >= last) {
                            throw new Death();
                        }
                        boolean commit = method.getName().equals("commit");
                        if (commit) {
                            moment();
                        }
                        Object answer;
                        try {
                            answer = method.invoke(target, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                        if (commit) {
                            moment();
                        }
                        if (answer instanceof Connection connection
                                && method.getName().equals("getConnection")) {
                            open.add(connection);
                            return proxy(Connection.class, connection);
                        }
                        return answer;
                    }));
        }

        private void moment() throws SQLException {
            if (++moments == last) {
                try (Connection other = database.getConnection();
                        Statement end = other.createStatement()) {
                    end.execute("select pg_terminate_backend(pid, 10000) from pg_stat_activity"
                            + " where datname = current_database() and pid <> pg_backend_pid()");
                }
            }
            if (moments >= last) {
                throw new Death();
            }
        }
    }

    /** No exception, for Flyway would try again, for seconds; a process that is killed does not. */
    private static final class Death extends Error {
        private static final long serialVersionUID = 1L;
    }
}
