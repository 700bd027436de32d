package org.caravan.rating.hashmap;

import java.math.BigDecimal;
import org.caravan.common.Decimals;

/** How a rule is called, for people and in price ids: {@code instance/flavor=m1.small flat 0.048 [compute] for acme}. */
public final class RuleName {
    private RuleName() {}

    public static String of(Mapping rule) {
        return of(rule, rule.group());
    }

    public static String of(Threshold rule) {
        return of(rule, rule.group());
    }

    /** The place of a rule, whatever it charges: {@code instance/flavor=m1.small [compute] for acme}. */
    public static String placeOf(Mapping rule) {
        return what(rule) + where(rule.group(), rule.tenant());
    }

    /** As {@link #placeOf(Mapping)}: {@code network >= 250}. */
    public static String placeOf(Threshold rule) {
        return what(rule) + where(rule.group(), rule.tenant());
    }

    /** @param group the group it counts in */
    static String of(Mapping rule, String group) {
        return of(what(rule), rule.type(), rule.cost(), group, rule.tenant());
    }

    /** @param group the group it counts in */
    static String of(Threshold rule, String group) {
        return of(what(rule), rule.type(), rule.cost(), group, rule.tenant());
    }

    private static String what(Mapping rule) {
        return rule.field() == null ? rule.service() : rule.service() + "/" + rule.field() + "=" + rule.value();
    }

    private static String what(Threshold rule) {
        return (rule.field() == null ? rule.service() : rule.service() + "/" + rule.field()) + " >= "
                + Decimals.plain(rule.level());
    }

    private static String of(String what, RuleType type, BigDecimal cost, String group, String tenant) {
        return what + " " + type.word() + " " + Decimals.plain(cost) + where(group, tenant);
    }

    private static String where(String group, String tenant) {
        return (group == null || RuleSet.DEFAULT_GROUP.equals(group) ? "" : " [" + group + "]")
                + (tenant == null ? "" : " for " + tenant);
    }
}
