package org.caravan.ledger.report;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/**
 * Groups in the order of their values, field by field.
 *
 * @param total groups that there are in all
 */
public record SummaryPage(long total, List<Row> rows) {
    public SummaryPage {
        rows = List.copyOf(rows);
    }

    static final SummaryPage EMPTY = new SummaryPage(0, List.of());

    /**
     * One group.
     *
     * @param begin the question's, or the hour's where it is grouped by hour
     * @param end as {@code begin}
     * @param figures in the order of the question
     * @param values one per field in the order of the question; of an hour its begin in seconds since 1970
     */
    public record Row(Instant begin, Instant end, List<BigDecimal> figures, List<String> values) {
        public Row {
            figures = List.copyOf(figures);
            values = List.copyOf(values);
        }
    }
}
