package org.caravan.rating.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transactions over the rule tables: those that read a snapshot, and one that changes. */
final class RuleTransaction {
    /** Longest wait for another change; longer than a frozen one may hold the rules. */
    private static final int LOCK_WAIT_SECONDS = 60;
    /** The server ends the session of a change whose process says nothing for so long. */
    private static final int SILENCE_SECONDS = 30;

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final Logger LOG = LoggerFactory.getLogger(RuleTransaction.class);

    private RuleTransaction() {}

    /** What happens within. */
    interface Body<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Runs a body of one statement, which is a snapshot by itself: one round trip. */
    static <T> T single(DataSource dataSource, Body<T> body) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(true);
            try {
                return body.run(connection);
            } finally {
                if (!connection.isClosed()) {
                    connection.setAutoCommit(autoCommit);
                }
            }
        }
    }

    /** Reads in one snapshot. */
    static <T> T reading(DataSource dataSource, Body<T> body) throws SQLException {
        return run(dataSource, Connection.TRANSACTION_REPEATABLE_READ, body);
    }

    /**
     * Holds the rules, runs the body and commits; anything thrown rolls back. After the wait for another change the newest
     * rules are seen.
     *
     * @throws UserError if another change takes too long
     * @throws SQLException also where only the answer to COMMIT was lost: then the change may have happened
     */
    static <T> T changing(DataSource dataSource, Body<T> body) throws SQLException {
        return run(dataSource, Connection.TRANSACTION_READ_COMMITTED, connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("set local idle_in_transaction_session_timeout = '" + SILENCE_SECONDS + "s'");
                statement.execute("set local lock_timeout = '" + LOCK_WAIT_SECONDS + "s'");
                statement.execute("select from rule_state for update");
            } catch (SQLException e) {
                if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                    throw new UserError(
                            1,
                            "another change of the rules has not come to its end within " + LOCK_WAIT_SECONDS
                                    + " s; nothing was changed, try again",
                            e);
                }
                throw e;
            }
            return body.run(connection);
        });
    }

    private static <T> T run(DataSource dataSource, int isolation, Body<T> body) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            int usual = connection.getTransactionIsolation();
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(isolation);
            boolean committed = false;
            try {
                T result = body.run(connection);
                connection.commit();
                committed = true;
                return result;
            } finally {
                if (!committed) {
                    rollback(connection);
                }
                if (!connection.isClosed()) {
                    connection.setTransactionIsolation(usual);
                    connection.setAutoCommit(autoCommit);
                }
            }
        }
    }

    private static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            LOG.debug("rollback failed; the connection is gone", e);
        }
    }
}
