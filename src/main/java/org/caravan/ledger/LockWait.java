package org.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * Waits for the locks of positions and buckets, and gets them from hubs that hold them and say nothing any more: one that
 * is frozen, or whose machine is gone, would else stop all others that share a tenant with it.
 *
 * <p>The wait is cut into {@value #LOOKS} parts with a look at the silent sessions after each but the last; a session that
 * two looks found silent at the same place is ended, so the next part gets its locks. Who was ended in its transaction
 * finds that nothing of it holds, and begins again.
 */
public final class LockWait {
    /** Parts of a wait. */
    public static final int LOOKS = 3;

    /** SQLSTATE lock_not_available. */
    private static final String TIMED_OUT = "55P03";

    private LockWait() {}

    /**
     * A transaction from begin to end; it calls {@link #begin} first and is run again from its beginning after a wait that
     * timed out.
     */
    public interface Transaction<T> {
        /** @param lockTimeout longest wait for one lock, to be handed to {@link #begin} */
        T run(Duration lockTimeout) throws SQLException;
    }

    /**
     * Runs a transaction that needs locks.
     *
     * @param dataSource of the same database, for the looks
     * @param lockWait longest wait for one lock in all
     * @throws SQLException what the transaction threw; after a wait in vain, one that names who holds the lock
     */
    public static <T> T call(DataSource dataSource, Duration lockWait, Transaction<T> transaction) throws SQLException {
        Duration part = lockWait.dividedBy(LOOKS);
        SilentSessions silent = new SilentSessions(dataSource);
        for (int look = 1; ; look++) {
            try {
                return transaction.run(part);
            } catch (SQLException e) {
                if (!TIMED_OUT.equals(e.getSQLState())) {
                    throw e;
                }
                if (look == LOOKS) {
                    throw new SQLException(
                            "waited " + lockWait.toSeconds() + " s for usage that another hub is writing; in a"
                                    + " transaction are: " + silent.describe() + "; wait for it, or end that session",
                            TIMED_OUT,
                            e);
                }
                silent.look();
            }
        }
    }

    /** The first statement of such a transaction: bounds each wait, and says whose transaction this is. */
    public static void begin(Connection connection, Duration lockTimeout) throws SQLException {
        try (Statement set = connection.createStatement()) {
            set.execute("set local lock_timeout = " + Math.max(1, lockTimeout.toMillis())
                    + "; set local application_name = '" + SilentSessions.NAME
                    + ProcessHandle.current().pid() + "'");
        }
    }
}
