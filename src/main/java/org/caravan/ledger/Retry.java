package org.caravan.ledger;

import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins a transaction again that failed for no fault of its own: a session that was ended, a server that restarts, a
 * deadlock. Only for work that finds out by itself whether it was done before.
 */
final class Retry {
    /** Tries in all; what outlasts them is the caller's to repeat. */
    private static final int ATTEMPTS = 3;

    private static final long PAUSE_MILLIS = 300;
    private static final Logger LOG = LoggerFactory.getLogger(Retry.class);

    private Retry() {}

    /** The work. */
    interface Work<T> {
        T run() throws SQLException;
    }

    static <T> T call(Work<T> work) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                return work.run();
            } catch (SQLException e) {
                if (attempt == ATTEMPTS || !mayPass(e)) {
                    throw e;
                }
                LOG.info("A transaction of the ledger is begun again after SQL state {}", e.getSQLState());
            }
            try {
                Thread.sleep(PAUSE_MILLIS * attempt);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SQLException("interrupted before the transaction was repeated", "08000", e);
            }
        }
    }

    /** Lost or ended connections (08, 57P), deadlock and serialisation (40). */
    private static boolean mayPass(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.startsWith("08") || state.startsWith("57P") || state.startsWith("40"));
    }
}
