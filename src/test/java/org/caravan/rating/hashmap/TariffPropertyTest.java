package org.caravan.rating.hashmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.caravan.metering.Meter;
import org.caravan.metering.Price;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;

/** The compiled tariff charges what the rules say, in longs and by the book, for rules and usage of every kind. */
class TariffPropertyTest {
    private static final String[] TENANTS = {null, "acme", "zen"};

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
            long moment = (AnyRules.T0 + random.nextInt(120) - 10) * 1_000_000 + random.nextInt(3) - 1;
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
                        Arbitraries.of(AnyRules.VALUES).injectNull(0.3),
                        Arbitraries.of(AnyRules.VALUES).injectNull(0.3))
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
                        Arbitraries.longs().between(AnyRules.T0 - 1, AnyRules.T0 + 101),
                        metadata,
                        quantities(),
                        AnyRules.decimals().injectNull(0.8))
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

    @Provide
    Arbitrary<RuleSet> ruleSets() {
        return AnyRules.ruleSets();
    }
}
