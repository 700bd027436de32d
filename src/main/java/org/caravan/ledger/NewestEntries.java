package org.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the entries of the newest batches quick to find, for hubs that share buckets: each reads what the others wrote
 * since. Their index by batch holds one summary per range of pages and none of pages that were filled since PostgreSQL's
 * last vacuum, which may be a fifth of the table away; until then such a read goes through all of those.
 *
 * <p>Costs nothing where one hub writes alone. Not safe for concurrent use: the ledger's commit lock guards it.
 */
final class NewestEntries {
    private static final Logger LOG = LoggerFactory.getLogger(NewestEntries.class);

    /** Reads after which the pages filled meanwhile are summarised; each page is summarised once. */
    private static final int READS = 8;

    /** Someone else, maybe a vacuum, is at the same table: the next time will do. */
    private static final String SUMMARIZE =
            """
            set local lock_timeout = '100ms';
            select brin_summarize_new_values(inhrelid) from pg_inherits where inhparent = 'entry_batch'::regclass;
            select brin_summarize_new_values('resource_batch'::regclass)
            """;

    private int reads;

    /** The index serves reads of what is newer than a batch; a planner that knows no such batch yet would read all. */
    void beforeRead(Connection connection) throws SQLException {
        reads++;
        set(connection, "set local enable_seqscan = off");
    }

    void afterRead(Connection connection) throws SQLException {
        set(connection, "set local enable_seqscan = on");
    }

    /** Summarises if it is time to. Called between two transactions; failing changes nothing but the speed. */
    void betweenCommits(Connection connection) {
        if (reads < READS) {
            return;
        }
        reads = 0;
        try (Statement statement = connection.createStatement()) {
            statement.execute(SUMMARIZE);
            connection.commit();
        } catch (SQLException e) {
            LOG.debug("the newest entries were not summarised", e);
            Ledger.rollback(connection);
        }
    }

    private static void set(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
