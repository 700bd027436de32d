package org.caravan.rating.hashmap;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which of the rules for one value, tenant and group is in force when. Times are microseconds since 1970.
 *
 * <p>Where several are in force, the one created last counts.
 */
final class Timeline {
    private static final long ALWAYS = Long.MIN_VALUE;
    private static final long NEVER = Long.MAX_VALUE;

    private final long[] starts;
    private final Rule[] rules;

    private Timeline(long[] starts, Rule[] rules) {
        this.starts = starts;
        this.rules = rules;
    }

    /** Index of the stretch that holds the moment. */
    int at(long micros) {
        int found = Arrays.binarySearch(starts, micros);
        return found >= 0 ? found : -found - 2;
    }

    /** The rule in force in a stretch, or null. */
    Rule rule(int stretch) {
        return rules[stretch];
    }

    /** First moment of a stretch. */
    long from(int stretch) {
        return starts[stretch];
    }

    /** First moment after a stretch. */
    long to(int stretch) {
        return stretch + 1 < starts.length ? starts[stretch + 1] : NEVER;
    }

    /** Microseconds since 1970, never past the ends of time. */
    static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    }

    /** Collects the rules of one value, tenant and group, in order of creation. */
    static final class Builder {
        private final List<Rule> rules = new ArrayList<>();
        private final List<Mapping> mappings = new ArrayList<>();

        void add(Rule rule, Mapping mapping) {
            rules.add(rule);
            mappings.add(mapping);
        }

        Timeline build() {
            TreeMap<Long, List<Integer>> changes = new TreeMap<>();
            changes.put(ALWAYS, new ArrayList<>());
            for (int i = 0; i < rules.size(); i++) {
                Mapping mapping = mappings.get(i);
                long start = mapping.start() == null ? ALWAYS : micros(mapping.start());
                long end = mapping.end() == null ? NEVER : micros(mapping.end());
                if (start < end) {
                    changes.computeIfAbsent(start, t -> new ArrayList<>()).add(i);
                    changes.computeIfAbsent(end, t -> new ArrayList<>()).add(~i);
                }
            }
            changes.remove(NEVER);
            long[] starts = new long[changes.size()];
            Rule[] inForce = new Rule[changes.size()];
            TreeSet<Integer> active = new TreeSet<>();
            int stretch = 0;
            for (var change : changes.entrySet()) {
                for (int index : change.getValue()) {
                    if (index >= 0) {
                        active.add(index);
                    } else {
                        active.remove(~index);
                    }
                }
                starts[stretch] = change.getKey();
                inForce[stretch++] = active.isEmpty() ? null : rules.get(active.last());
            }
            return new Timeline(starts, inForce);
        }
    }
}
