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

    /** @param group the group it counts in */
    static String of(Mapping rule, String group) {
        String what = rule.field() == null ? rule.service() : rule.service() + "/" + rule.field() + "=" + rule.value();
        return of(what, rule.type(), rule.cost(), group, rule.tenant());
    }

    /** @param group the group it counts in */
    static String of(Threshold rule, String group) {
        String what = (rule.field() == null ? rule.service() : rule.service() + "/" + rule.field()) + " >= "
                + Decimals.plain(rule.level());
        return of(what, rule.type(), rule.cost(), group, rule.tenant());
    }

    private static String of(String what, RuleType type, BigDecimal cost, String group, String tenant) {
        return what + " " + type.word() + " " + Decimals.plain(cost)
                + (group == null || RuleSet.DEFAULT_GROUP.equals(group) ? "" : " [" + group + "]")
                + (tenant == null ? "" : " for " + tenant);
    }
}
