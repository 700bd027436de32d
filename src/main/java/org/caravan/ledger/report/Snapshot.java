package org.caravan.ledger.report;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;

/** Runs the queries of one report in one read-only snapshot, for no longer than a report may take. */
final class Snapshot {
    /** SQLSTATE query_canceled: the statement's time was up. */
    private static final String CANCELED = "57014";

    private Snapshot() {}

    /** Reads. */
    interface Work<T> {
        T read(Connection snapshot) throws SQLException;
    }

    static <T> T of(DataSource dataSource, Duration timeout, Work<T> work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            try {
                try (Statement set = connection.createStatement()) {
                    set.execute("set local statement_timeout = " + timeout.toMillis());
                }
                return work.read(connection);
            } catch (SQLException e) {
                if (CANCELED.equals(e.getSQLState())) {
                    throw tooLong(timeout, e);
                }
                throw e;
            } finally {
                end(connection, autoCommit);
            }
        }
    }

    /** Nothing was written: a connection that can't be brought back is the pool's to find out. */
    private static void end(Connection connection, boolean autoCommit) throws SQLException {
        if (connection.isClosed()) {
            return;
        }
        connection.rollback();
        connection.setReadOnly(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        connection.setAutoCommit(autoCommit);
    }

    static ReportBusyException tooLong(Duration timeout, Throwable cause) {
        return new ReportBusyException(
                "The report takes longer than " + timeout.toSeconds()
                        + " s (caravan.report.timeout); ask for less, or again when the hub has less to do.",
                cause);
    }
}
