package org.caravan.rating.hashmap;

import java.math.BigDecimal;
import org.caravan.common.Decimals;

/**
 * A compiled rule.
 *
 * @param id unique within its tariff
 * @param name for people and price ids: {@code instance/flavor=m1.small flat 0.048 [compute]}
 * @param level of a threshold; null in a mapping
 */
record Rule(int id, String name, RuleType type, BigDecimal cost, String group, BigDecimal level) {

    static Rule of(int id, Mapping rule, String group) {
        String what = rule.field() == null ? rule.service() : rule.service() + "/" + rule.field() + "=" + rule.value();
        return new Rule(
                id, name(what, rule.type(), rule.cost(), group, rule.tenant()), rule.type(), rule.cost(), group, null);
    }

    static Rule of(int id, Threshold rule, String group) {
        String what = (rule.field() == null ? rule.service() : rule.service() + "/" + rule.field()) + " >= "
                + Decimals.plain(rule.level());
        return new Rule(
                id,
                name(what, rule.type(), rule.cost(), group, rule.tenant()),
                rule.type(),
                rule.cost(),
                group,
                rule.level());
    }

    boolean isFlat() {
        return type == RuleType.FLAT;
    }

    private static String name(String what, RuleType type, BigDecimal cost, String group, String tenant) {
        return what + " " + type.word() + " " + Decimals.plain(cost)
                + (RuleSet.DEFAULT_GROUP.equals(group) ? "" : " [" + group + "]")
                + (tenant == null ? "" : " for " + tenant);
    }
}
