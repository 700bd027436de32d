package org.caravan.ledger;

import java.sql.SQLException;
import java.time.YearMonth;
import java.util.List;
import javax.sql.DataSource;

/** Questions to the ledger that change nothing. */
public final class LedgerReader {
    private final DataSource dataSource;

    public LedgerReader(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** What became of the records of one source position; all zero if it was never read. */
    public RecordCounts counts(String source, String key, YearMonth month) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /** True if the position was read to its end. */
    public boolean isDone(String source, String key) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /** Quarantined records of one source position in the order of their position, at most {@code limit}. */
    public List<QuarantineEntry> quarantine(String source, String key, int limit) throws SQLException {
        throw new UnsupportedOperationException();
    }
}
