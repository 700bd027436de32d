package org.caravan.rating.hashmap;

import java.util.List;

/** A golden case for tests outside of this package. */
public final class GoldenRules {
    private final GoldenCase golden;

    private GoldenRules(GoldenCase golden) {
        this.golden = golden;
    }

    public static List<GoldenRules> all() {
        return GoldenTest.cases().map(GoldenRules::new).toList();
    }

    /** Its rules as a tariff file. */
    public String file() {
        return GoldenTariffFileTest.file(golden.rules()).toString();
    }

    /**
     * Rates its usage by these rules and compares with what CloudKitty says.
     *
     * @return how many points
     */
    public int check(RuleSet rules) {
        return GoldenTariffFileTest.check(golden, rules);
    }

    @Override
    public String toString() {
        return golden.name();
    }
}
