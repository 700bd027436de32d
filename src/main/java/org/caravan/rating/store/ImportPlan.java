package org.caravan.rating.store;

import java.time.Instant;
import java.util.List;

/**
 * What an import changes.
 *
 * @param from usage that begins earlier is priced as before; null where there were no rules, so that all is taken as it is
 * @param changes mappings first, then thresholds, then names
 * @param unchanged mappings and thresholds of the file that hold already, and have not ended by the moment
 * @param warnings one line each: what the import does not do, or does at once
 */
public record ImportPlan(Instant from, List<RuleChange> changes, int unchanged, List<String> warnings) {
    public ImportPlan {
        changes = List.copyOf(changes);
        warnings = List.copyOf(warnings);
    }

    /** True if the rules are what the import says already. */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** How many rules change in this way; names of services, fields and groups not counted. */
    public long count(RuleChange.Kind kind) {
        return changes.stream()
                .filter(change -> change.kind() == kind && change.what().isRule())
                .count();
    }

    /** How many services, fields and groups are added, moved or removed. */
    public long names() {
        return changes.stream().filter(change -> !change.what().isRule()).count();
    }
}
