package org.caravan.ledger;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;

/**
 * Which records of the quarantine are meant; null says nothing.
 *
 * @param state held, retried, accepted or dropped
 * @param month of use
 * @param source name of the source
 * @param kind unusable or conflict
 * @param tenant by name
 */
public record QuarantineFilter(String state, YearMonth month, String source, String kind, String tenant) {
    /** What is held, whatever it is. */
    public static QuarantineFilter held() {
        return new QuarantineFilter("held", null, null, null, null);
    }

    /** The condition, beginning with {@code true}; its parameters are set by {@link #set}. */
    String condition() {
        return "true" + (state == null ? "" : " and state = ?")
                + (month == null ? "" : " and usage_month = ?")
                + (source == null ? "" : " and source = ?")
                + (kind == null ? "" : " and kind = ?")
                + (tenant == null ? "" : " and tenant = ?");
    }

    /** Sets the parameters of {@link #condition} and answers the index after them. */
    int set(PreparedStatement statement, int from) throws SQLException {
        List<Object> values = new ArrayList<>();
        values.add(state);
        values.add(month == null ? null : MonthStates.date(month));
        values.add(source);
        values.add(kind);
        values.add(tenant);
        int at = from;
        for (Object value : values) {
            if (value != null) {
                statement.setObject(at++, value);
            }
        }
        return at;
    }
}
