package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * Positions of pushes, one each. They only save work (records are told apart by what they are), so old ones are forgotten:
 * whatever looks at all positions would else look at every push there ever was.
 */
public final class PushedPositions {
    /** Positions forgotten in one transaction. */
    private static final int MAX_AT_ONCE = 10_000;

    private final DataSource dataSource;

    public PushedPositions(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Forgets positions of a source that were read to their end, at most a bounded number at a time; by the database's clock.
     *
     * @param known how long a position is kept
     * @return how many were forgotten
     */
    public int forget(String source, Duration known) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete = connection.prepareStatement(
                        """
                        delete from position where (source, key) in (
                          select source, key from position
                           where source = ? and done and updated_at < clock_timestamp() - make_interval(secs => ?)
                           limit ?)
                        """)) {
            delete.setString(1, source);
            delete.setLong(2, known.toSeconds());
            delete.setInt(3, MAX_AT_ONCE);
            int forgotten = delete.executeUpdate();
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
            return forgotten;
        }
    }
}
