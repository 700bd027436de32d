package org.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** Reads a billing month for documents: roll-up plus the entries of batches not rolled up yet. */
public final class MonthReader {
    private final DataSource dataSource;

    public MonthReader(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Streams every tenant with entries in the month whose month is not closed, in order of realm and name, from one
     * snapshot and in flat memory (one tenant at a time).
     */
    public void openTenants(YearMonth month, Consumer<TenantMonth> consumer) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads one tenant within the caller's transaction, which holds the tenant's bucket if it is going to issue what it
     * reads. Never null; {@code sums} may be empty.
     */
    public TenantMonth tenant(Connection connection, TenantRef tenant, YearMonth month) throws SQLException {
        throw new UnsupportedOperationException();
    }
}
