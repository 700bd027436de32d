package org.caravan.rating.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.caravan.rating.hashmap.Mapping;
import org.caravan.rating.hashmap.RuleSet;
import org.caravan.rating.hashmap.Threshold;
import org.caravan.rating.store.RuleChange.Kind;
import org.caravan.rating.store.RuleChange.What;
import org.caravan.rating.store.RuleRows.FieldRow;
import org.caravan.rating.store.RuleRows.MappingRow;

/** Which services, fields and groups an import adds, moves and removes. */
final class NamePlan {
    /** A field that comes next; {@code id} null where it is new. */
    record Placed(String service, String name, Integer id) {}

    final List<String> newServices = new ArrayList<>();
    final List<String> newGroups = new ArrayList<>();
    /** In the order that they get. */
    final List<Placed> placed = new ArrayList<>();

    final List<Integer> goneServices = new ArrayList<>();
    final List<Integer> goneFields = new ArrayList<>();
    final List<Integer> goneGroups = new ArrayList<>();

    private final RuleRows rows;
    private final RuleSet wanted;
    private final List<RuleChange> changes;

    /**
     * @param stay the mappings in the tables that are there afterwards, ended ones too: what they name can't go
     * @param changes takes what changes
     */
    NamePlan(RuleRows rows, RuleSet wanted, List<MappingRow> stay, List<RuleChange> changes) {
        this.rows = rows;
        this.wanted = wanted;
        this.changes = changes;
        add();
        remove(stay);
    }

    private void add() {
        Set<String> services = new HashSet<>(rows.services().values());
        for (RuleSet.Service service : wanted.services()) {
            if (!services.contains(service.name())) {
                newServices.add(service.name());
                change(Kind.ADDED, What.SERVICE, service.name());
            }
        }
        Set<String> groups = new HashSet<>(rows.groups().values());
        for (RuleSet.Group group : wanted.groups()) {
            if (!groups.contains(group.name())) {
                newGroups.add(group.name());
                change(Kind.ADDED, What.GROUP, group.name());
            }
        }
        Map<List<String>, FieldRow> known = new HashMap<>();
        rows.fields()
                .values()
                .forEach(field -> known.put(List.of(rows.services().get(field.service()), field.name()), field));
        for (RuleSet.Service service : wanted.services()) {
            fields(service, known);
        }
    }

    private void fields(RuleSet.Service service, Map<List<String>, FieldRow> known) {
        boolean ordered = orderMatters(service.name());
        boolean later = false;
        long last = Long.MIN_VALUE;
        for (String name : service.fields()) {
            FieldRow row = known.get(List.of(service.name(), name));
            if (row == null) {
                placed.add(new Placed(service.name(), name, null));
                change(Kind.ADDED, What.FIELD, service.name() + "/" + name);
                later = true;
            } else if (ordered && (later || row.place() < last)) {
                placed.add(new Placed(service.name(), name, row.id()));
                change(Kind.CHANGED, What.FIELD, service.name() + "/" + name);
                later = true;
            } else {
                last = row.place();
            }
        }
    }

    /** Of thresholds of one level the one whose field comes first counts; else the order of fields changes no price. */
    private boolean orderMatters(String service) {
        return wanted.thresholds().stream()
                        .filter(rule -> rule.service().equals(service) && rule.field() != null)
                        .map(Threshold::field)
                        .distinct()
                        .count()
                > 1;
    }

    private void remove(List<MappingRow> stay) {
        Set<List<String>> needed = new HashSet<>();
        Set<String> neededGroups = new HashSet<>();
        for (RuleSet.Service service : wanted.services()) {
            needed.add(List.of(service.name()));
            service.fields().forEach(field -> needed.add(List.of(service.name(), field)));
        }
        wanted.groups().forEach(group -> neededGroups.add(group.name()));
        for (MappingRow row : stay) {
            Mapping rule = row.rule();
            needed.add(List.of(rule.service()));
            if (rule.field() != null) {
                needed.add(List.of(rule.service(), rule.field()));
            }
            if (rule.group() != null) {
                neededGroups.add(rule.group());
            }
        }
        rows.fields().forEach((id, field) -> {
            String service = rows.services().get(field.service());
            if (!needed.contains(List.of(service, field.name()))) {
                goneFields.add(id);
                change(Kind.REMOVED, What.FIELD, service + "/" + field.name());
            }
        });
        rows.services().forEach((id, name) -> {
            if (!needed.contains(List.of(name))) {
                goneServices.add(id);
                change(Kind.REMOVED, What.SERVICE, name);
            }
        });
        rows.groups().forEach((id, name) -> {
            if (!neededGroups.contains(name)) {
                goneGroups.add(id);
                change(Kind.REMOVED, What.GROUP, name);
            }
        });
    }

    private void change(Kind kind, What what, String name) {
        changes.add(new RuleChange(kind, what, name, null, null, null));
    }
}
