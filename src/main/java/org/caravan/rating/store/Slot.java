package org.caravan.rating.store;

import java.math.BigDecimal;
import org.caravan.rating.hashmap.Mapping;
import org.caravan.rating.hashmap.RuleSet;
import org.caravan.rating.hashmap.Threshold;

/** The place of a rule: of the rules in one place only one counts at a time. Nulls as in the rule. */
record Slot(String service, String field, String value, BigDecimal level, String tenant, String group) {
    static Slot of(Mapping rule) {
        return new Slot(rule.service(), rule.field(), rule.value(), null, rule.tenant(), group(rule.group()));
    }

    static Slot of(Threshold rule) {
        return new Slot(
                rule.service(),
                rule.field(),
                null,
                rule.level().stripTrailingZeros(),
                rule.tenant(),
                group(rule.group()));
    }

    /** The same place in the rules for every tenant. */
    Slot forEveryTenant() {
        return new Slot(service, field, value, level, null, group);
    }

    private static String group(String name) {
        return RuleSet.DEFAULT_GROUP.equals(name) ? null : name;
    }
}
