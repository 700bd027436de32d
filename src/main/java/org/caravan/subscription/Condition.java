package org.caravan.subscription;

import java.util.ArrayList;
import java.util.List;

/**
 * A part of a WHERE clause.
 *
 * @param sql with a question mark for each value
 */
record Condition(String sql, List<Object> values) {
    /** @param sql written by us: nothing that a caller sent ever becomes a part of it */
    static Condition of(String sql, Object... values) {
        return new Condition(sql, List.of(values));
    }

    Condition and(String more, Object... others) {
        List<Object> all = new ArrayList<>(values);
        all.addAll(List.of(others));
        return new Condition(sql + " and " + more, all);
    }
}
