package org.caravan.rating.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    /**
     * What counts.
     *
     * @param tenant its own rules, and those for every tenant that they do not replace; null = those of all tenants
     */
    public static RulesInForce at(RuleSet rules, Instant moment, String tenant) {
        RuleSet plain = NormalForm.of(rules);
        List<Mapping> mappings = plain.mappings().stream()
                .filter(rule -> tenant == null || rule.tenant() == null || tenant.equals(rule.tenant()))
                .toList();
        Map<Slot, List<Mapping>> slots = new LinkedHashMap<>();
        mappings.forEach(rule ->
                slots.computeIfAbsent(Slot.of(rule), s -> new ArrayList<>()).add(rule));
        Map<Slot, Mapping> inForce = new LinkedHashMap<>();
        slots.forEach((slot, held) -> {
            Mapping counts = Period.last(held, moment);
            if (counts != null) {
                inForce.put(slot, counts);
            }
        });
        Map<Slot, Threshold> levels = new LinkedHashMap<>();
        plain.thresholds().stream()
                .filter(rule -> tenant == null || rule.tenant() == null || tenant.equals(rule.tenant()))
                .forEach(rule -> levels.put(Slot.of(rule), rule));
        if (tenant != null) {
            dropReplaced(inForce);
            dropReplaced(levels);
        }
        return new RulesInForce(
                List.copyOf(inForce.values()),
                List.copyOf(levels.values()),
                mappings.stream()
                        .filter(rule -> Period.start(rule).isAfter(moment))
                        .count(),
                mappings.stream()
                        .filter(rule -> !Period.end(rule).isAfter(moment))
                        .count());
    }

    private static void dropReplaced(Map<Slot, ?> slots) {
        List<Slot> replaced = slots.keySet().stream()
                .filter(slot -> slot.tenant() != null)
                .map(Slot::forEveryTenant)
                .toList();
        replaced.forEach(slots::remove);
    }
}
