package org.caravan.ledger;

import java.sql.SQLException;
import java.time.Clock;
import javax.sql.DataSource;
import org.caravan.metering.UsageBatch;

/**
 * Commits batches. One instance serves all routes of a process; it is safe for concurrent use.
 *
 * <p>The database must have the schema of {@code db/migration}; see {@link LedgerSchema}.
 */
public final class Ledger {
    public Ledger(DataSource dataSource, LedgerSettings settings, Clock clock) {}

    /**
     * Commits a rated batch in one transaction: positions, billed time, entries, archive, quarantine. Either all of it
     * holds or nothing does; committing the same batch again changes nothing.
     *
     * @throws SQLException if the database refuses; nothing was committed unless the answer to COMMIT itself was lost,
     *     which the next try of the same batch finds out
     */
    public CommitResult commit(UsageBatch batch) throws SQLException {
        throw new UnsupportedOperationException();
    }
}
