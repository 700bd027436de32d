package org.caravan.invoice;

import java.sql.SQLException;
import org.caravan.common.LostConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Something to be written down that must not get lost. */
interface Keeping<T> {
    T run() throws SQLException;

    /** Tries to keep an outcome while the database can't be reached. */
    int TRIES = 10;

    /** Between two tries. */
    long PAUSE_MILLIS = 1_000;

    /**
     * An outcome that is lost makes doubt: a database that restarts is waited for, and a thread that is told to end keeps
     * it first.
     */
    static <T> T surely(Keeping<T> keeping) throws SQLException {
        Logger log = LoggerFactory.getLogger(Keeping.class);
        boolean interrupted = false;
        try {
            for (int attempt = 1; ; attempt++) {
                interrupted |= Thread.interrupted();
                try {
                    return keeping.run();
                } catch (SQLException e) {
                    if (attempt == TRIES || !LostConnection.is(e)) {
                        throw e;
                    }
                    log.warn(
                            "The outcome of an attempt could not be kept (SQL state {}); trying again",
                            e.getSQLState());
                }
                try {
                    Thread.sleep(PAUSE_MILLIS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
