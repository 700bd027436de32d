package org.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/** One transaction that takes locks which a hub may hold that says nothing any more; see {@link LockWait}. */
final class LockingTransaction {
    private LockingTransaction() {}

    /** What is done in it; may be done again from its beginning. */
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Does it and commits, or leaves nothing of it. */
    static <T> T run(DataSource dataSource, Duration lockWait, Work<T> work) throws SQLException {
        return LockWait.call(dataSource, lockWait, lockTimeout -> {
            try (Connection connection = dataSource.getConnection()) {
                boolean autoCommit = connection.getAutoCommit();
                connection.setAutoCommit(false);
                boolean held = false;
                try {
                    LockWait.begin(connection, lockTimeout);
                    T result = work.run(connection);
                    connection.commit();
                    held = true;
                    return result;
                } finally {
                    if (!connection.isClosed()) {
                        if (!held) {
                            connection.rollback();
                        }
                        connection.setAutoCommit(autoCommit);
                    }
                }
            }
        });
    }
}
