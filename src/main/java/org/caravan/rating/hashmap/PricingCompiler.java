package org.caravan.rating.hashmap;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.caravan.common.Decimals;

/** Turns the rules that apply to a kind of usage into its price function. */
final class PricingCompiler {
    private final String version;
    private final Match match;
    private final List<String> others;

    private PricingCompiler(String version, Match match, List<String> others) {
        this.version = version;
        this.match = match;
        this.others = others;
    }

    static Pricing compile(String version, Match match, List<String> others) {
        return new PricingCompiler(version, match, others).compile();
    }

    private Pricing compile() {
        TreeMap<BigDecimal, List<Rule>> byLevel = new TreeMap<>();
        if (match.serviceThresholds() != null) {
            for (Rule threshold : match.serviceThresholds().rules()) {
                if (threshold.level().compareTo(Match.NO_LEVEL) > 0) {
                    byLevel.computeIfAbsent(threshold.level(), l -> new ArrayList<>())
                            .add(threshold);
                }
            }
        }
        Map<String, Rule> reached = new HashMap<>();
        List<Segment> segments = new ArrayList<>();
        segments.add(segment(reached));
        for (List<Rule> level : byLevel.values()) {
            level.forEach(threshold -> reached.put(threshold.group(), threshold));
            segments.add(segment(reached));
        }
        return new Pricing(List.copyOf(byLevel.keySet()), segments);
    }

    /** @param reached by group, the highest service threshold that the segment's quantities reach */
    private Segment segment(Map<String, Rule> reached) {
        List<Segment.Part> parts = new ArrayList<>();
        List<String> names = new ArrayList<>();
        boolean priced = false;
        for (String name : order(reached)) {
            Match.Group group = match.groups.getOrDefault(name, Match.NO_GROUP);
            Rule service = reached.get(name);
            Rule field = group.fieldThreshold;
            // one slot per group: the service threshold was there first, so on a tie it stays
            if (service != null && field != null && field.level().compareTo(service.level()) > 0) {
                service = null;
            } else if (service != null) {
                field = null;
            }
            BigDecimal unit = unit(group, service, field);
            if (unit.signum() != 0 || service != null && service.isFlat()) {
                parts.add(new Segment.Part(unit, service));
            }
            if (group.flat != null) {
                names.add(group.flat.name());
            }
            group.rates.forEach(rate -> names.add(rate.name()));
            Rule threshold = service != null ? service : field;
            if (threshold != null) {
                names.add(threshold.name());
            }
            priced |= group.flat != null || threshold != null && threshold.isFlat();
        }
        return new Segment(parts, new PriceNames(version, names, others, priced));
    }

    /** The order in which the original meets the groups: it shows in the last digit of their sum. */
    private Set<String> order(Map<String, Rule> reached) {
        Set<String> order = new LinkedHashSet<>();
        match.groups.forEach((name, group) -> {
            if (group.first) {
                order.add(name);
            }
        });
        if (match.serviceThresholds() != null) {
            for (Rule threshold : match.serviceThresholds().rules()) {
                if (reached.containsKey(threshold.group())) {
                    order.add(threshold.group());
                }
            }
        }
        order.addAll(match.groups.keySet());
        return order;
    }

    private static BigDecimal unit(Match.Group group, Rule service, Rule field) {
        BigDecimal rate = BigDecimal.ONE;
        for (Rule factor : group.rates) {
            rate = rate.multiply(factor.cost(), Decimals.RATING);
        }
        BigDecimal flat = group.flat == null ? BigDecimal.ZERO : group.flat.cost();
        if (field != null && !field.isFlat()) {
            rate = rate.multiply(field.cost(), Decimals.RATING);
        } else if (service == null) {
            // also where no threshold is reached: adding nothing rounds, and so does the original
            flat = flat.add(field == null ? BigDecimal.ZERO : field.cost(), Decimals.RATING);
        }
        return rate.multiply(flat, Decimals.RATING);
    }
}
