package org.caravan.rating.store;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.caravan.rating.hashmap.Mapping;
import org.caravan.rating.hashmap.RuleType;

/**
 * A stretch of time with one price in one place.
 *
 * @param from inclusive; {@link Instant#MIN} = always was
 * @param to exclusive; {@link Instant#MAX} = open
 */
record Period(Instant from, Instant to, RuleType type, BigDecimal cost) {
    /** True if both charge the same while they last. */
    boolean chargesAs(RuleType otherType, BigDecimal otherCost) {
        return type == otherType && cost.compareTo(otherCost) == 0;
    }

    private boolean same(Period other) {
        return from.equals(other.from) && to.equals(other.to) && chargesAs(other.type, other.cost);
    }

    /** True if the two lists say the same, whatever zeros their costs end with. */
    static boolean same(List<Period> some, List<Period> others) {
        if (some.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < some.size(); i++) {
            if (!some.get(i).same(others.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** What of the periods lies in [from, to). */
    static List<Period> cut(List<Period> periods, Instant from, Instant to) {
        List<Period> within = new ArrayList<>();
        for (Period period : periods) {
            Instant begin = period.from.isBefore(from) ? from : period.from;
            Instant end = period.to.isAfter(to) ? to : period.to;
            if (begin.isBefore(end)) {
                within.add(new Period(begin, end, period.type, period.cost));
            }
        }
        return within;
    }

    static Instant start(Mapping rule) {
        return rule.start() == null ? Instant.MIN : rule.start();
    }

    static Instant end(Mapping rule) {
        return rule.end() == null ? Instant.MAX : rule.end();
    }

    /**
     * What the rules of one place charge in [from, to): periods that neither overlap nor touch with the same price.
     *
     * @param rules in order of creation: where several are in force the last one counts
     */
    static List<Period> within(List<Mapping> rules, Instant from, Instant to) {
        TreeSet<Instant> changes = new TreeSet<>();
        changes.add(from);
        for (Mapping rule : rules) {
            changes.add(start(rule));
            changes.add(end(rule));
        }
        List<Period> periods = new ArrayList<>();
        for (Instant begin : changes.subSet(from, to)) {
            Instant next = changes.higher(begin);
            Mapping counts = last(rules, begin);
            if (counts != null) {
                add(periods, begin, next == null || next.isAfter(to) ? to : next, counts);
            }
        }
        return periods;
    }

    /** The rule of one place that counts at a moment, or null. */
    static Mapping last(List<Mapping> rules, Instant at) {
        for (int i = rules.size() - 1; i >= 0; i--) {
            Mapping rule = rules.get(i);
            if (!start(rule).isAfter(at) && at.isBefore(end(rule))) {
                return rule;
            }
        }
        return null;
    }

    private static void add(List<Period> periods, Instant from, Instant to, Mapping rule) {
        Period before = periods.isEmpty() ? null : periods.get(periods.size() - 1);
        if (before != null && before.to.equals(from) && before.chargesAs(rule.type(), rule.cost())) {
            periods.set(periods.size() - 1, new Period(before.from, to, before.type, before.cost));
        } else {
            periods.add(new Period(from, to, rule.type(), rule.cost()));
        }
    }
}
