package org.caravan.rating.hashmap;

import java.math.BigDecimal;

/**
 * A compiled rule.
 *
 * @param id unique within its tariff
 * @param name as {@link RuleName} gives it, with the rule's id if it has one
 * @param level of a threshold; null in a mapping
 */
record Rule(int id, String name, RuleType type, BigDecimal cost, String group, BigDecimal level) {

    /** @param mark what follows the name, see {@link RuleIds}; may be empty */
    static Rule of(int id, Mapping rule, String group, String mark) {
        return new Rule(id, RuleName.of(rule, group) + mark, rule.type(), rule.cost(), group, null);
    }

    /** @param mark as for a mapping */
    static Rule of(int id, Threshold rule, String group, String mark) {
        return new Rule(id, RuleName.of(rule, group) + mark, rule.type(), rule.cost(), group, rule.level());
    }

    boolean isFlat() {
        return type == RuleType.FLAT;
    }
}
