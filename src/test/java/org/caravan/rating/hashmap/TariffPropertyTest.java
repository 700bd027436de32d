package org.caravan.rating.hashmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import org.caravan.metering.Meter;
import org.caravan.metering.Price;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;

/** The compiled tariff charges what the rules say, in longs and by the book, for rules and usage of every kind. */
class TariffPropertyTest {
    private static final long T0 = 1_700_000_000L;
    private static final String[] TENANTS = {null, "acme", "zen"};
    private static final String[] GROUPS = {null, "a", "b"};
    private static final String[] VALUES = {"1", "8", "64"};
    private static final List<String> FIELDS = List.of("vcpus", "ram");

    @Property(tries = 3_000)
    void chargesWhatTheRulesSay(@ForAll("ruleSets") RuleSet rules, @ForAll("points") Point point) {
        // given
        Tariff tariff = Tariff.compile(rules);
        BigDecimal expected = ReferenceHashMap.amount(
                rules,
                point.tenant,
                Instant.ofEpochSecond(point.seconds),
                "instance",
                point.metadata,
                point.quantity,
                point.start == null ? BigDecimal.ZERO : point.start);

        // when
        Pricing pricing = tariff.resolve("instance", point.tenant, point.metadata, Map.of(), point.seconds * 1_000_000)
                .pricing();
        UsageBatch batch = unpriced(point);
        pricing.price(batch, 0);

        // then
        assertThat(pricing.amount(point.quantity, point.start)).isEqualByComparingTo(expected);
        assertThat(batch.amountValue(0)).isEqualByComparingTo(expected);
    }

    @Property(tries = 3_000)
    void longsAgreeWithTheBookWhereverTheyAreTaken(@ForAll("ruleSets") RuleSet rules, @ForAll("points") Point point) {
        // given
        Point bare = new Point(point.tenant, point.seconds, point.metadata, point.quantity, null);
        Pricing pricing = Tariff.compile(rules)
                .resolve("instance", bare.tenant, bare.metadata, Map.of(), bare.seconds * 1_000_000)
                .pricing();
        UsageBatch batch = unpriced(bare);

        // when
        boolean fast = pricing.priceFast(batch, 0);

        // then
        if (fast) {
            assertThat(batch.amountValue(0)).isEqualByComparingTo(pricing.amount(bare.quantity, null));
            assertThat(batch.price(0)).isSameAs(pricing.price(bare.quantity, false));
        }
        String way = !fast ? "by the book" : batch.amount(0) == 0 ? "in longs, zero" : "in longs";
        Statistics.collect(way);
        Statistics.coverage(checked -> {
            checked.check("in longs").percentage(p -> p > 10);
            checked.check("by the book").percentage(p -> p > 5);
        });
    }

    @Property(tries = 3_000)
    void unitPriceTimesQuantityIsTheAmount(@ForAll("ruleSets") RuleSet rules, @ForAll("points") Point point) {
        // given
        Pricing pricing = Tariff.compile(rules)
                .resolve("instance", point.tenant, point.metadata, Map.of(), point.seconds * 1_000_000)
                .pricing();

        // when
        Price price = pricing.price(point.quantity, false);
        BigDecimal amount = pricing.amount(point.quantity, null);

        // then
        if (price.unitPrice() != null) {
            BigDecimal difference = price.unitPrice().multiply(point.quantity).subtract(amount);
            assertThat(difference.abs()).isLessThanOrEqualTo(amount.abs().movePointLeft(24));
        }
        if (!price.priced()) {
            assertThat(amount).isEqualByComparingTo(BigDecimal.ZERO);
        }
    }

    @Property(tries = 500)
    void holdsUntilARuleChanges(@ForAll("ruleSets") RuleSet rules, @ForAll("points") Point point, @ForAll long seed) {
        // given
        Tariff tariff = Tariff.compile(rules);
        KeyPricing pricing =
                tariff.resolve("instance", point.tenant, point.metadata, Map.of(), point.seconds * 1_000_000);
        Random random = new Random(seed);

        for (int i = 0; i < 20; i++) {
            // when
            long moment = (T0 + random.nextInt(120) - 10) * 1_000_000 + random.nextInt(3) - 1;
            KeyPricing then = tariff.resolve("instance", point.tenant, point.metadata, Map.of(), moment);

            // then
            if (pricing.holds(tariff, moment)) {
                assertThat(then.pricing()).isSameAs(pricing.pricing());
            }
            assertThat(then.holds(tariff, moment)).isTrue();
        }
    }

    private static UsageBatch unpriced(Point point) {
        UsageKey key =
                new UsageKey("default", "t", "d", "r", Meter.unlisted("instance"), "h", Map.of(), "instance", "");
        UsageBatch batch = new UsageBatch(1);
        batch.add(key, point.quantity, 0, 1, 1);
        if (point.start != null) {
            batch.lastGivenPrice(point.start);
        }
        batch.startPricing();
        return batch;
    }

    record Point(String tenant, long seconds, Map<String, String> metadata, BigDecimal quantity, BigDecimal start) {}

    @Provide
    Arbitrary<Point> points() {
        Arbitrary<Map<String, String>> metadata = Combinators.combine(
                        Arbitraries.of(VALUES).injectNull(0.3),
                        Arbitraries.of(VALUES).injectNull(0.3))
                .as((vcpus, ram) -> {
                    Map<String, String> values = new LinkedHashMap<>();
                    if (vcpus != null) {
                        values.put("vcpus", vcpus);
                    }
                    if (ram != null) {
                        values.put("ram", ram);
                    }
                    return values;
                });
        return Combinators.combine(
                        Arbitraries.of(TENANTS).injectNull(0.1),
                        Arbitraries.longs().between(T0 - 1, T0 + 101),
                        metadata,
                        quantities(),
                        decimals().injectNull(0.8))
                .as(Point::new);
    }

    /** Levels themselves and their neighbours, everyday numbers, and numbers at and beyond the ends of a long. */
    private static Arbitrary<BigDecimal> quantities() {
        Arbitrary<BigDecimal> ends = Combinators.combine(
                        Arbitraries.of(
                                Long.MAX_VALUE, Long.MAX_VALUE / 2, Long.MAX_VALUE / 3, Long.MIN_VALUE, 1L << 62),
                        Arbitraries.integers().between(0, 40))
                .as(BigDecimal::valueOf);
        Arbitrary<BigDecimal> big = Combinators.combine(
                        Arbitraries.bigIntegers().between(BigInteger.TEN.pow(17), BigInteger.TEN.pow(40)),
                        Arbitraries.integers().between(0, 40))
                .as(BigDecimal::new);
        Arbitrary<BigDecimal> levels = Arbitraries.of(
                        "-0.5", "0", "10", "49.999", "50", "50.0000", "50.001", "600", "0.33333334")
                .map(BigDecimal::new);
        Arbitrary<BigDecimal> everyday = Combinators.combine(
                        Arbitraries.longs().between(-1_000, 1_000_000_000_000L),
                        Arbitraries.integers().between(0, 15))
                .as(BigDecimal::valueOf);
        return Arbitraries.oneOf(ends, big, levels, everyday, everyday);
    }

    private static Arbitrary<BigDecimal> decimals() {
        Arbitrary<BigDecimal> everyday = Combinators.combine(
                        Arbitraries.longs().between(-500, 100_000),
                        Arbitraries.integers().between(0, 6))
                .as(BigDecimal::valueOf);
        Arbitrary<BigDecimal> finest = Arbitraries.bigIntegers()
                .between(BigInteger.TEN.pow(20).negate(), BigInteger.TEN.pow(40))
                .map(unscaled -> new BigDecimal(unscaled, 28));
        return Arbitraries.frequencyOf(Tuple.of(6, everyday), Tuple.of(1, finest));
    }

    @Provide
    Arbitrary<RuleSet> ruleSets() {
        Arbitrary<RuleType> types = Arbitraries.of(RuleType.FLAT, RuleType.FLAT, RuleType.RATE);
        Arbitrary<String> tenants = Arbitraries.of("acme", "zen").injectNull(0.7);
        Arbitrary<String> groups = Arbitraries.of("a", "b").injectNull(0.5);
        Arbitrary<String> fields = Arbitraries.of(FIELDS).injectNull(0.4);
        Arbitrary<Instant> times = Arbitraries.longs().between(T0, T0 + 100).map(Instant::ofEpochSecond);
        Arbitrary<Mapping> mappings = Combinators.combine(
                        fields,
                        Arbitraries.of(VALUES),
                        types,
                        decimals(),
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
                        decimals(),
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
