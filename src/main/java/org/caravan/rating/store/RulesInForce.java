package org.caravan.rating.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.caravan.rating.hashmap.Mapping;
import org.caravan.rating.hashmap.RuleSet;
import org.caravan.rating.hashmap.Threshold;

/**
 * What of a set of rules counts for usage that begins at a moment.
 *
 * @param mappings one for each place that has one
 * @param thresholds all; they have no dates
 * @param later how many further mappings begin later
 * @param ended how many ended before
 */
public record RulesInForce(List<Mapping> mappings, List<Threshold> thresholds, long later, long ended) {
    public RulesInForce {
        mappings = List.copyOf(mappings);
        thresholds = List.copyOf(thresholds);
    }

    /** What counts for any tenant. */
    public static RulesInForce at(RuleSet rules, Instant moment) {
        RuleSet plain = NormalForm.of(rules);
        Map<Slot, List<Mapping>> slots = new LinkedHashMap<>();
        plain.mappings().forEach(rule -> slots.computeIfAbsent(Slot.of(rule), s -> new ArrayList<>())
                .add(rule));
        return new RulesInForce(
                slots.values().stream()
                        .map(slot -> Period.last(slot, moment))
                        .filter(Objects::nonNull)
                        .toList(),
                plain.thresholds(),
                plain.mappings().stream()
                        .filter(rule -> Period.start(rule).isAfter(moment))
                        .count(),
                plain.mappings().stream()
                        .filter(rule -> !Period.end(rule).isAfter(moment))
                        .count());
    }

    /** What of it counts for one tenant: its own rules, and those for every tenant that they do not replace. */
    public RulesInForce of(String tenant) {
        Set<Slot> own = mappings.stream()
                .filter(rule -> tenant.equals(rule.tenant()))
                .map(rule -> Slot.of(rule).forEveryTenant())
                .collect(Collectors.toSet());
        thresholds.stream()
                .filter(rule -> tenant.equals(rule.tenant()))
                .forEach(rule -> own.add(Slot.of(rule).forEveryTenant()));
        return new RulesInForce(
                mappings.stream()
                        .filter(rule ->
                                rule.tenant() == null ? !own.contains(Slot.of(rule)) : tenant.equals(rule.tenant()))
                        .toList(),
                thresholds.stream()
                        .filter(rule ->
                                rule.tenant() == null ? !own.contains(Slot.of(rule)) : tenant.equals(rule.tenant()))
                        .toList(),
                later,
                ended);
    }
}
