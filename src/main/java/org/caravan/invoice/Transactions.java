package org.caravan.invoice;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Short READ COMMITTED transactions: after a lock was waited for, the newest rows are seen. */
public final class Transactions {
    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

    private Transactions() {}

    /** What happens within a transaction. */
    public interface Body<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Runs a body of one statement, which is a transaction by itself, whatever the pool's own setting is. */
    public static <T> T single(DataSource dataSource, Body<T> body) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            if (autoCommit) {
                return body.run(connection);
            }
            connection.setAutoCommit(true);
            try {
                return body.run(connection);
            } finally {
                if (!connection.isClosed()) {
                    connection.setAutoCommit(false);
                }
            }
        }
    }

    /**
     * Runs the body and commits; anything thrown rolls back.
     *
     * @throws SQLException also where only the answer to COMMIT was lost: then the transaction may have happened
     */
    public static <T> T call(DataSource dataSource, Body<T> body) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
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
