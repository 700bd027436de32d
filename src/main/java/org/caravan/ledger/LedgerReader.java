package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
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
        String sql =
                """
                with mine as (select batch from batch_position where source = ? and key = ?)
                select coalesce(sum(records), 0), coalesce(sum(accepted), 0), coalesce(sum(duplicate), 0),
                       coalesce(sum(conflict), 0), coalesce(sum(quarantined), 0), coalesce(sum(unpriced), 0),
                       (select coalesce(sum(e.records), 0) from entry e
                         where e.batch in (select batch from mine) and e.billing_month <> ? and e.kind in (1, 3))
                  from batch where id in (select batch from mine)
                """;
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, source);
            select.setString(2, key);
            select.setDate(3, MonthStates.date(month));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new RecordCounts(
                        row.getLong(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6),
                        row.getLong(7));
            }
        }
    }

    /** True if the position was read to its end. */
    public boolean isDone(String source, String key) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select done from position where source = ? and key = ?")) {
            select.setString(1, source);
            select.setString(2, key);
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** Quarantined records of one source position in the order of their position, at most {@code limit}. */
    public List<QuarantineEntry> quarantine(String source, String key, int limit) throws SQLException {
        return new Quarantine(dataSource, Clock.systemUTC()).of(source, key, limit);
    }
}
