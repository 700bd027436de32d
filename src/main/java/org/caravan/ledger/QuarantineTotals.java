package org.caravan.ledger;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;

/** What is held, by month of use, and about how much money it is. */
public final class QuarantineTotals {
    private QuarantineTotals() {}

    /**
     * What is held of a month.
     *
     * @param month of use; null for records whose begin could not be read
     * @param kind unusable or conflict
     * @param records number of records
     * @param amount what they would add to what is billed, in the rating currency, as rated when they were set aside: an
     *     estimate, as later decisions change what is billed beside them. Null if it is unknown of all of them
     * @param unknown how many of them have no known amount
     */
    public record Total(YearMonth month, String kind, long records, BigDecimal amount, long unknown) {}

    /** Totals in order of month and kind, those without month last; within the caller's transaction. */
    public static List<Total> byMonth(Connection connection) throws SQLException {
        List<Total> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                        """
                        select usage_month, kind, count(*), sum(amount - coalesce(billed_amount, 0)),
                               count(*) filter (where amount is null)
                          from quarantine where state = 'held'
                         group by usage_month, kind order by usage_month nulls last, kind
                        """);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                Date month = row.getDate(1);
                found.add(new Total(
                        month == null ? null : YearMonth.from(month.toLocalDate()),
                        row.getString(2),
                        row.getLong(3),
                        row.getBigDecimal(4),
                        row.getLong(5)));
            }
        }
        return found;
    }
}
