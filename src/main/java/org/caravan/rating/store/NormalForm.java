package org.caravan.rating.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.caravan.rating.hashmap.Mapping;
import org.caravan.rating.hashmap.RuleSet;
import org.caravan.rating.hashmap.Threshold;

/** Rules written the one way in which the tables give them back: what counts, under its parents. */
final class NormalForm {
    private NormalForm() {}

    /**
     * The same prices without what never counts (deleted rules and groups, empty periods, a rule whose place and period,
     * or level, a later one takes) and in the order of a tariff file. Rules of a file are in this form already.
     */
    static RuleSet of(RuleSet rules) {
        Set<String> live = rules.groups().stream()
                .filter(group -> !group.deleted())
                .map(RuleSet.Group::name)
                .filter(name -> !RuleSet.DEFAULT_GROUP.equals(name))
                .collect(Collectors.toSet());
        Map<List<String>, Integer> parents = new HashMap<>();
        for (RuleSet.Service service : rules.services()) {
            parents.put(parent(service.name(), null), parents.size());
            service.fields().forEach(field -> parents.put(parent(service.name(), field), parents.size()));
        }
        List<Mapping> mappings = new ArrayList<>();
        for (Mapping rule : rules.mappings()) {
            if (!rule.deleted() && Period.start(rule).isBefore(Period.end(rule))) {
                mappings.add(new Mapping(
                        rule.service(),
                        rule.field(),
                        rule.value(),
                        rule.type(),
                        rule.cost(),
                        group(rule.group(), live),
                        rule.tenant(),
                        rule.start(),
                        rule.end(),
                        false));
            }
        }
        Set<List<Object>> periods = new HashSet<>();
        for (int i = mappings.size() - 1; i >= 0; i--) {
            Mapping rule = mappings.get(i);
            if (!periods.add(List.of(Slot.of(rule), Period.start(rule), Period.end(rule)))) {
                mappings.remove(i);
            }
        }
        mappings.sort(Comparator.comparing(rule -> parents.get(parent(rule.service(), rule.field()))));
        Map<Slot, Threshold> thresholds = new LinkedHashMap<>();
        for (Threshold rule : rules.thresholds()) {
            Threshold plain = new Threshold(
                    rule.service(),
                    rule.field(),
                    rule.level(),
                    rule.type(),
                    rule.cost(),
                    group(rule.group(), live),
                    rule.tenant());
            thresholds.put(Slot.of(plain), plain);
        }
        List<Threshold> levels = new ArrayList<>(thresholds.values());
        levels.sort(Comparator.comparing(rule -> parents.get(parent(rule.service(), rule.field()))));
        return new RuleSet(
                rules.services(),
                rules.groups().stream()
                        .filter(group -> live.contains(group.name()))
                        .toList(),
                mappings,
                levels);
    }

    private static String group(String name, Set<String> live) {
        return name != null && live.contains(name) ? name : null;
    }

    private static List<String> parent(String service, String field) {
        return field == null ? List.of(service) : List.of(service, field);
    }
}
