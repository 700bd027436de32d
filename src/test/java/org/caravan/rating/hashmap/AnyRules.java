package org.caravan.rating.hashmap;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Rules of every kind, for properties. */
public final class AnyRules {
    /** Rules start and end within the hundred seconds from here on; seconds since 1970. */
    public static final long T0 = 1_700_000_000L;

    static final String[] VALUES = {"1", "8", "64"};
    private static final String[] GROUPS = {null, "a", "b"};
    private static final List<String> FIELDS = List.of("vcpus", "ram");

    private AnyRules() {}

    /** Everyday costs, and now and then one with as many digits as a cost may have. */
    public static Arbitrary<BigDecimal> decimals() {
        Arbitrary<BigDecimal> everyday = Combinators.combine(
                        Arbitraries.longs().between(-500, 100_000),
                        Arbitraries.integers().between(0, 6))
                .as(BigDecimal::valueOf);
        Arbitrary<BigDecimal> finest = Arbitraries.bigIntegers()
                .between(BigInteger.TEN.pow(20).negate(), BigInteger.TEN.pow(40).subtract(BigInteger.ONE))
                .map(unscaled -> new BigDecimal(unscaled, 28));
        return Arbitraries.frequencyOf(Tuple.of(6, everyday), Tuple.of(1, finest));
    }

    /** Rules of one service with two fields, all kinds, overlapping and repeated ones too. */
    public static Arbitrary<RuleSet> ruleSets() {
        return ruleSets(decimals());
    }

    /** As {@link #ruleSets()}, with these costs. */
    public static Arbitrary<RuleSet> ruleSets(Arbitrary<BigDecimal> costs) {
        Arbitrary<RuleType> types = Arbitraries.of(RuleType.FLAT, RuleType.FLAT, RuleType.RATE);
        Arbitrary<String> tenants = Arbitraries.of("acme", "zen").injectNull(0.7);
        Arbitrary<String> groups = Arbitraries.of("a", "b").injectNull(0.5);
        Arbitrary<String> fields = Arbitraries.of(FIELDS).injectNull(0.4);
        Arbitrary<Instant> times = Arbitraries.longs().between(T0, T0 + 100).map(Instant::ofEpochSecond);
        Arbitrary<Mapping> mappings = Combinators.combine(
                        fields,
                        Arbitraries.of(VALUES),
                        types,
                        costs,
                        groups,
                        tenants,
                        times.injectNull(0.6),
                        times.injectNull(0.6))
                .as((field, value, type, cost, group, tenant, start, end) -> new Mapping(
                        "instance", field, field == null ? null : value, type, cost, group, tenant, start, end, false));
        Arbitrary<Threshold> thresholds = Combinators.combine(
                        fields,
                        Arbitraries.of(
                                        "-1",
                                        "-0.5",
                                        "0",
                                        "8",
                                        "10",
                                        "50",
                                        "50.00",
                                        "64",
                                        "600",
                                        "0.33333333",
                                        "0.33333334")
                                .map(BigDecimal::new),
                        types,
                        costs,
                        groups,
                        tenants)
                .as((field, level, type, cost, group, tenant) ->
                        new Threshold("instance", field, level, type, cost, group, tenant));
        return Combinators.combine(
                        mappings.list().ofMinSize(1).ofMaxSize(10),
                        thresholds.list().ofMaxSize(6))
                .as((m, t) -> new RuleSet(List.of(new RuleSet.Service("instance", FIELDS)), groupsOf(), m, t));
    }

    private static List<RuleSet.Group> groupsOf() {
        List<RuleSet.Group> groups = new ArrayList<>();
        for (String group : GROUPS) {
            if (group != null) {
                groups.add(new RuleSet.Group(group, false));
            }
        }
        return groups;
    }
}
