package org.caravan.rating.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.caravan.rating.hashmap.Mapping;
import org.caravan.rating.hashmap.RuleName;
import org.caravan.rating.hashmap.RuleSet;
import org.caravan.rating.hashmap.Threshold;
import org.caravan.rating.store.RuleChange.What;
import org.caravan.rating.store.RuleDiff.Charge;
import org.caravan.rating.store.RuleDiff.Difference;

/** Walks over two sets of rules in their normal form and notes where they differ. */
final class DiffFinder {
    private final Instant from;
    private final List<Difference> found = new ArrayList<>();
    private int same;

    DiffFinder(Instant from) {
        this.from = from;
    }

    List<Difference> found() {
        return found;
    }

    int same() {
        return same;
    }

    void mappings(List<Mapping> left, List<Mapping> right) {
        Map<Slot, List<Mapping>> some = bySlot(left);
        Map<Slot, List<Mapping>> others = bySlot(right);
        Set<Slot> slots = new LinkedHashSet<>(some.keySet());
        slots.addAll(others.keySet());
        for (Slot slot : slots) {
            List<Period> before = Period.within(some.getOrDefault(slot, List.of()), from, Instant.MAX);
            List<Period> after = Period.within(others.getOrDefault(slot, List.of()), from, Instant.MAX);
            if (!Period.same(before, after)) {
                Mapping one = some.getOrDefault(slot, others.getOrDefault(slot, List.of()))
                        .get(0);
                found.add(new Difference(
                        What.MAPPING,
                        RuleName.placeOf(one),
                        charges(before),
                        charges(after),
                        !before.isEmpty(),
                        !after.isEmpty()));
            } else if (!before.isEmpty()) {
                same++;
            }
        }
    }

    void thresholds(List<Threshold> left, List<Threshold> right) {
        Map<Slot, Threshold> others = new LinkedHashMap<>();
        right.forEach(rule -> others.put(Slot.of(rule), rule));
        for (Threshold rule : left) {
            Threshold other = others.remove(Slot.of(rule));
            if (other == null) {
                threshold(rule, charges(rule), List.of());
            } else if (other.type() != rule.type() || other.cost().compareTo(rule.cost()) != 0) {
                threshold(rule, charges(rule), charges(other));
            } else {
                same++;
            }
        }
        others.values().forEach(rule -> threshold(rule, List.of(), charges(rule)));
    }

    private void threshold(Threshold rule, List<Charge> left, List<Charge> right) {
        found.add(
                new Difference(What.THRESHOLD, RuleName.placeOf(rule), left, right, !left.isEmpty(), !right.isEmpty()));
    }

    /** A name that rules need, ended ones too, differs with them; one without rules is told by itself. */
    void names(RuleSet left, RuleSet right) {
        Map<List<String>, What> some = namesWithoutRules(left, right);
        Map<List<String>, What> others = namesWithoutRules(right, left);
        some.forEach((name, what) -> name(what, name, true));
        others.forEach((name, what) -> name(what, name, false));
        Map<String, List<String>> fields = new LinkedHashMap<>();
        right.services().forEach(service -> fields.put(service.name(), service.fields()));
        for (RuleSet.Service service : left.services()) {
            List<String> here = new ArrayList<>(service.fields());
            List<String> there = new ArrayList<>(fields.getOrDefault(service.name(), List.of()));
            here.retainAll(there);
            there.retainAll(here);
            if (!here.equals(there) && (orderMatters(left, service) || orderMatters(right, service))) {
                found.add(new Difference(
                        What.FIELD, service.name() + ": " + String.join(", ", here), List.of(), List.of(), true, true));
            }
        }
    }

    private void name(What what, List<String> name, boolean inLeft) {
        found.add(new Difference(
                what,
                what == What.GROUP ? name.get(1) : String.join("/", name),
                List.of(),
                List.of(),
                inLeft,
                !inLeft));
    }

    private static Map<List<String>, What> namesWithoutRules(RuleSet rules, RuleSet other) {
        Map<List<String>, What> names = names(rules);
        names.keySet().removeAll(names(other).keySet());
        Set<List<String>> needed = new HashSet<>();
        rules.mappings().forEach(rule -> need(needed, rule.service(), rule.field(), rule.group()));
        rules.thresholds().forEach(rule -> need(needed, rule.service(), rule.field(), rule.group()));
        names.keySet().removeAll(needed);
        return names;
    }

    /** Groups stand under an empty name, which no service has. */
    private static Map<List<String>, What> names(RuleSet rules) {
        Map<List<String>, What> names = new LinkedHashMap<>();
        for (RuleSet.Service service : rules.services()) {
            names.put(List.of(service.name()), What.SERVICE);
            service.fields().forEach(field -> names.put(List.of(service.name(), field), What.FIELD));
        }
        rules.groups().forEach(group -> names.put(List.of("", group.name()), What.GROUP));
        return names;
    }

    private static void need(Set<List<String>> needed, String service, String field, String group) {
        needed.add(List.of(service));
        if (field != null) {
            needed.add(List.of(service, field));
        }
        if (group != null) {
            needed.add(List.of("", group));
        }
    }

    /** Of thresholds of one level the one whose field comes first counts; else the order of fields changes no price. */
    private static boolean orderMatters(RuleSet rules, RuleSet.Service service) {
        return rules.thresholds().stream()
                        .filter(rule -> rule.service().equals(service.name()) && rule.field() != null)
                        .map(Threshold::field)
                        .distinct()
                        .count()
                > 1;
    }

    private static Map<Slot, List<Mapping>> bySlot(List<Mapping> rules) {
        Map<Slot, List<Mapping>> slots = new LinkedHashMap<>();
        rules.forEach(rule ->
                slots.computeIfAbsent(Slot.of(rule), s -> new ArrayList<>()).add(rule));
        return slots;
    }

    private List<Charge> charges(List<Period> periods) {
        return periods.stream()
                .map(period -> new Charge(
                        period.type(),
                        period.cost(),
                        period.from().equals(from) ? null : period.from(),
                        period.to().equals(Instant.MAX) ? null : period.to()))
                .toList();
    }

    private static List<Charge> charges(Threshold rule) {
        return List.of(new Charge(rule.type(), rule.cost(), null, null));
    }
}
