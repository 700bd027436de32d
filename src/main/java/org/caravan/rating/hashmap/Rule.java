package org.caravan.rating.hashmap;

import java.math.BigDecimal;

/**
 * A compiled rule.
 *
 * @param id unique within its tariff
 * @param name as {@link RuleName} gives it
 * @param level of a threshold; null in a mapping
 */
record Rule(int id, String name, RuleType type, BigDecimal cost, String group, BigDecimal level) {

    static Rule of(int id, Mapping rule, String group) {
        return new Rule(id, RuleName.of(rule, group), rule.type(), rule.cost(), group, null);
    }

    static Rule of(int id, Threshold rule, String group) {
        return new Rule(id, RuleName.of(rule, group), rule.type(), rule.cost(), group, rule.level());
    }

    boolean isFlat() {
        return type == RuleType.FLAT;
    }
}
