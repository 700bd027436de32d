package org.caravan.rating.store;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.caravan.rating.hashmap.RuleSet;
import org.caravan.rating.hashmap.RuleType;
import org.caravan.rating.store.RuleChange.What;

/**
 * Where two sets of rules charge differently for usage that begins at a moment or later. As in an import, what counts is
 * the price of a place over time, not how it is cut into rules.
 *
 * @param differences in the order of the first set, then that of the second
 * @param same number of places that charge the same in both
 */
public record RuleDiff(List<Difference> differences, int same) {
    public RuleDiff {
        differences = List.copyOf(differences);
    }

    /**
     * One place that differs.
     *
     * @param name of the place, or of the service, field or group
     * @param left what the first set charges there, in the order of time; empty = nothing
     * @param right what the second one does; both are empty where a field's place in the order differs
     * @param inLeft true if the first set knows the place or name at all
     * @param inRight true if the second one does
     */
    public record Difference(
            What what, String name, List<Charge> left, List<Charge> right, boolean inLeft, boolean inRight) {
        public Difference {
            left = List.copyOf(left);
            right = List.copyOf(right);
        }
    }

    /**
     * A price while it holds.
     *
     * @param start null = already at the moment; and for thresholds, which have no dates
     * @param end null = open
     */
    public record Charge(RuleType type, BigDecimal cost, Instant start, Instant end) {}

    public boolean isSame() {
        return differences.isEmpty();
    }

    /** @param from the moment; {@link Instant#MIN} = all of time */
    public static RuleDiff of(RuleSet left, RuleSet right, Instant from) {
        RuleSet some = NormalForm.of(left);
        RuleSet others = NormalForm.of(right);
        DiffFinder finder = new DiffFinder(from);
        finder.mappings(some.mappings(), others.mappings());
        finder.thresholds(some.thresholds(), others.thresholds());
        finder.names(some, others);
        return new RuleDiff(finder.found(), finder.same());
    }
}
