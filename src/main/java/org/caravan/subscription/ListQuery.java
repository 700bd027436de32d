package org.caravan.subscription;

import java.util.List;

/**
 * What of a list is wanted.
 *
 * @param filters all of them must let a thing through
 * @param limit most things answered
 * @param marker key of the thing after which to begin; null for the beginning
 */
public record ListQuery(List<Filter> filters, int limit, String marker) {
    public ListQuery {
        filters = List.copyOf(filters);
    }

    /** All, as far as a limit goes. */
    public static ListQuery first(int limit) {
        return new ListQuery(List.of(), limit, null);
    }
}
