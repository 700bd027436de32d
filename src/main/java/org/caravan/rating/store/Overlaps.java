package org.caravan.rating.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.caravan.rating.hashmap.Mapping;
import org.caravan.rating.hashmap.RuleName;
import org.caravan.rating.store.RuleRows.MappingRow;

/**
 * Mappings of one place that are in force at once, of which the one made last counts. Nobody can make them one by one; they
 * come about where a group goes and its rules stay.
 *
 * @param count how many begin before another one of their place has ended
 * @param example the name of one, or null
 */
record Overlaps(int count, String example) {
    static final Overlaps NONE = new Overlaps(0, null);

    static Overlaps of(RuleRows rows) {
        Map<Slot, List<Mapping>> places = new HashMap<>();
        for (MappingRow row : rows.mappings()) {
            places.computeIfAbsent(Slot.of(row.rule()), slot -> new ArrayList<>(1))
                    .add(row.rule());
        }
        int count = 0;
        String example = null;
        for (List<Mapping> rules : places.values()) {
            if (rules.size() == 1) {
                continue;
            }
            rules.sort(Comparator.comparing(Period::start));
            Instant end = Instant.MIN;
            for (Mapping rule : rules) {
                if (Period.start(rule).isBefore(end)) {
                    count++;
                    example = RuleName.of(rule);
                }
                end = Period.end(rule).isAfter(end) ? Period.end(rule) : end;
            }
        }
        return new Overlaps(count, example);
    }
}
