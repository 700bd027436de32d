package org.caravan.ledger.report;

import java.time.Instant;
import java.util.List;

/**
 * A question for sums.
 *
 * @param realm whose usage
 * @param begin usage that begins at or after it
 * @param end usage that begins before it
 * @param groupBy each field once; empty for one sum of all
 * @param filters all of them must let usage through
 * @param figures of each group
 * @param offset groups left out from the first on
 * @param limit most groups to answer
 */
public record SummaryQuery(
        String realm,
        Instant begin,
        Instant end,
        List<Field> groupBy,
        List<Filter> filters,
        List<Aggregate> figures,
        long offset,
        int limit) {
    public SummaryQuery {
        groupBy = List.copyOf(groupBy);
        filters = List.copyOf(filters);
        figures = List.copyOf(figures);
    }

    boolean needsRecords() {
        return groupBy.contains(Field.HOUR)
                || figures.stream().anyMatch(figure -> figure.function().needsRecords());
    }
}
