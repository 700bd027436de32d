package org.caravan.rating.store;

import org.caravan.rating.hashmap.RuleSet;

/**
 * The rules of a ledger at one moment.
 *
 * @param rules services, groups, rules, also ended ones, in the order of a tariff file; nothing deleted
 * @param version rises with every change; another number = other rules
 * @param currency ISO 4217 code of every cost; null while there never were rules
 */
public record StoredRules(RuleSet rules, long version, String currency) {
    /** True if nothing is priced, and nothing ever was by what is kept. */
    public boolean isEmpty() {
        return rules.mappings().isEmpty() && rules.thresholds().isEmpty();
    }
}
