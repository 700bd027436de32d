package org.caravan.api.rating;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.caravan.api.http.ApiError;
import org.caravan.ledger.report.Field;
import org.caravan.ledger.report.Filter;

/**
 * What clients call a field of usage.
 *
 * @param name the column's name in the answer
 */
record GroupKey(String name, Field field) {
    private static final Map<String, Field> FIELDS = Map.ofEntries(
            Map.entry("project_id", Field.TENANT),
            Map.entry("tenant_id", Field.TENANT),
            Map.entry("tenant", Field.TENANT),
            Map.entry("type", Field.METER),
            Map.entry("id", Field.RESOURCE),
            Map.entry("resource_id", Field.RESOURCE),
            Map.entry("resource", Field.RESOURCE),
            Map.entry("datacenter", Field.DATACENTER),
            Map.entry("time", Field.HOUR),
            Map.entry("day_of_the_year", Field.DAY_OF_YEAR),
            Map.entry("week_of_the_year", Field.WEEK_OF_YEAR),
            Map.entry("month", Field.MONTH),
            Map.entry("year", Field.YEAR));

    private static final Map<String, String> PARTS =
            Map.of("time-d", "day_of_the_year", "time-w", "week_of_the_year", "time-m", "month", "time-y", "year");

    /** A name that begins so is one of time. */
    private static final String TIME = "time-";

    /** Keys to group by at once, and keys to filter by. */
    static final int MOST = 20;

    /** The keys to group by; whatever is not known otherwise is a metadata field. */
    static List<GroupKey> of(Set<String> names) {
        List<GroupKey> keys = new ArrayList<>();
        for (String name : names) {
            if (name.startsWith(TIME) && !PARTS.containsKey(name)) {
                throw new ApiError(
                        400, "Invalid groupby time option. There is no groupby processing for [" + name + "].");
            }
            String column = PARTS.getOrDefault(name, name);
            GroupKey key = new GroupKey(column, field(column));
            if (!keys.contains(key)) {
                keys.add(key);
            }
        }
        if (keys.size() > MOST) {
            throw new ApiError(400, "More than " + MOST + " keys to group by.");
        }
        return keys;
    }

    private static Field field(String name) {
        Field field = FIELDS.get(name);
        return field != null ? field : Field.metadata(name);
    }

    /**
     * Filters as they were asked for; whoever may not see all tenants gets the own one in place of those that it named.
     */
    static List<Filter> filters(Map<String, List<String>> asked, Visibility visibility) {
        if (asked.size() > MOST) {
            throw new ApiError(400, "More than " + MOST + " keys to filter by.");
        }
        List<Filter> filters = new ArrayList<>();
        asked.forEach((name, values) -> {
            Field field = field(name);
            if (field.equals(Field.HOUR)) {
                throw new ApiError(400, "Usage is not filtered by time; say begin and end.");
            }
            if (visibility.all() || !field.equals(Field.TENANT)) {
                filters.add(new Filter(field, Set.copyOf(values)));
            }
        });
        if (!visibility.all()) {
            filters.add(Filter.of(Field.TENANT, visibility.project()));
        }
        return filters;
    }

    boolean isPeriod() {
        return field.equals(Field.HOUR);
    }
}
