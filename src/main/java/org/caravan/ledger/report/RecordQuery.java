package org.caravan.ledger.report;

import java.time.Instant;
import java.util.List;

/**
 * A question for single records.
 *
 * @param realm whose usage
 * @param begin records that begin at or after it
 * @param end records that begin before it
 * @param filters all of them must let a record through
 * @param offset records left out from the first on
 * @param limit most records to answer
 */
public record RecordQuery(String realm, Instant begin, Instant end, List<Filter> filters, long offset, int limit) {
    public RecordQuery {
        filters = List.copyOf(filters);
    }
}
