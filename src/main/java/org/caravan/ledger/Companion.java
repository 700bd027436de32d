package org.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * What belongs into the transaction of one batch beside its usage: the answer that its sender is told, how far a table was
 * read. A transaction that failed is begun again, so that both methods may be called more than once.
 */
public interface Companion {
    /**
     * Called first, before any other lock is taken.
     *
     * @return false if the batch is not to be committed, as it was before, or as what it goes on from is gone: nothing is
     *     done then
     */
    boolean claim(Connection connection) throws SQLException;

    /**
     * Called last, before COMMIT.
     *
     * @param results what becomes of each record of the batch
     */
    void write(Connection connection, RecordResults results) throws SQLException;
}
