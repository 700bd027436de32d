package org.caravan.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.caravan.common.UserError;
import org.caravan.metering.Price;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffHolder;
import org.junit.jupiter.api.Test;

class ModuleChainTest {
    private static final String TARIFF =
            """
            currency: NZD
            groups: [compute]
            services:
              instance:
                mappings: [{type: flat, cost: "0.01", group: compute}]
                fields:
                  flavor:
                    mappings:
                      - {value: m1.small, type: flat, cost: "0.048", group: compute, end: 2026-10-02T00:00:00}
                      - {value: m1.small, type: flat, cost: "0.050", group: compute, start: 2026-10-02T00:00:00}
                      - {value: m1.small, type: flat, cost: "0.040", group: compute, tenant: acme}
                  image:
                    mappings: [{value: windows, type: rate, cost: "1.1", group: compute}]
              storage:
                mappings: [{type: flat, cost: 0.001}]
                thresholds: [{level: 50, type: rate, cost: 0.98}, {level: 200, type: flat, cost: -0.02}]
              router:
                fields:
                  size:
                    thresholds: [{level: 10, type: flat, cost: 2}]
                  kind:
                    mappings: [{value: "1", cost: "0"}, {value: vip, type: rate, cost: 2}]
                  resource:
                    mappings: [{value: r1, type: rate, cost: 3}]
            """;

    private final TariffHolder holder = new TariffHolder(tariff(TARIFF));
    private final ModuleChain chain = new ModuleChain(holder);

    private static Tariff tariff(String text) {
        return Tariff.compile(TariffFile.parse(text, "tariff.yaml").ruleSet());
    }

    private UsageBatch rate(Usage usage) {
        chain.rate(usage.batch());
        return usage.batch();
    }

    @Test
    void pricesByTheDearestFlatOfAGroupAndSaysWhich() {
        // given
        UsageKey key = Usage.key("zen", "instance", Map.of("flavor", "m1.small", "image", "windows"));

        // when
        UsageBatch batch = rate(new Usage().add(key, "2.5"));

        // then
        assertThat(batch.amountValue(0)).isEqualByComparingTo("0.132");
        assertThat(batch.price(0))
                .isEqualTo(new Price(
                        holder.get().version(),
                        List.of(
                                "instance/flavor=m1.small flat 0.048 [compute]",
                                "instance/image=windows rate 1.1 [compute]"),
                        new BigDecimal("0.0528"),
                        true));
    }

    @Test
    void pricesATenantByItsOwnRule() {
        // given
        UsageKey key = Usage.key("acme", "instance", Map.of("flavor", "m1.small"));

        // when
        UsageBatch batch = rate(new Usage().add(key, "1"));

        // then
        assertThat(batch.amountValue(0)).isEqualByComparingTo("0.04");
        assertThat(batch.price(0).rules()).containsExactly("instance/flavor=m1.small flat 0.04 [compute] for acme");
    }

    @Test
    void pricesARecordWithoutTenantByTheGlobalRulesAlone() {
        // given
        UsageKey key = Usage.key(null, "instance", Map.of("flavor", "m1.small"));

        // when
        UsageBatch batch = rate(new Usage().add(key, "1"));

        // then
        assertThat(batch.amountValue(0)).isEqualByComparingTo("0.048");
    }

    @Test
    void judgesByTheBeginOfTheRecordAlsoWhereOneKeyCrossesAPriceChange() {
        // given
        UsageKey key = Usage.key("zen", "instance", Map.of("flavor", "m1.small"));
        Instant change = Instant.parse("2026-10-02T00:00:00Z");

        // when
        UsageBatch batch = rate(new Usage()
                .add(key, "1", change.minusNanos(1_000))
                .add(key, "1", change)
                .add(key, "1", change.minusSeconds(3_600)));

        // then
        assertThat(batch.amountValue(0)).isEqualByComparingTo("0.048");
        assertThat(batch.amountValue(1)).isEqualByComparingTo("0.05");
        assertThat(batch.amountValue(2)).isEqualByComparingTo("0.048");
        assertThat(batch.price(2)).isSameAs(batch.price(0));
    }

    @Test
    void sharesOnePriceBetweenKeysThatTheSameRulesPrice() {
        // given
        UsageKey one = Usage.key("zen", "instance", Map.of("flavor", "m1.small", "name", "a"));
        UsageKey other = Usage.key("pax", "instance", Map.of("flavor", "m1.small", "name", "b"));

        // when
        UsageBatch batch = rate(new Usage().add(one, "1").add(other, "7"));

        // then
        assertThat(batch.price(0)).isSameAs(batch.price(1));
    }

    @Test
    void hasAUnitPricePerStretchOfQuantitiesUnlessAThresholdAddsAnAmount() {
        // given
        UsageKey key = Usage.key("zen", "storage", Map.of());

        // when
        UsageBatch batch = rate(new Usage().add(key, "49.999").add(key, "50").add(key, "200"));

        // then
        assertThat(batch.amountValue(0)).isEqualByComparingTo("0.049999");
        assertThat(batch.price(0).unitPrice()).isEqualByComparingTo("0.001");
        assertThat(batch.amountValue(1)).isEqualByComparingTo("0.049");
        assertThat(batch.price(1).unitPrice()).isEqualByComparingTo("0.00098");
        assertThat(batch.amountValue(2)).isEqualByComparingTo("0.18");
        assertThat(batch.price(2).unitPrice()).isNull();
        assertThat(batch.price(2).rules()).containsExactly("storage flat 0.001", "storage >= 200 flat -0.02");
    }

    @Test
    void leavesAMeterWithoutServiceAndAServiceWithoutMatchUnpriced() {
        // given
        UsageKey noService = Usage.key("zen", "backup", Map.of());
        UsageKey noMatch = Usage.key("zen", Usage.meter("router", "hashmap"), Map.of("kind", "2"));
        UsageKey noResource =
                new UsageKey("default", "zen", "dc1", "", noMatch.meter(), "h", noMatch.metadata(), "router", "");

        // when
        UsageBatch batch = rate(new Usage().add(noService, "3").add(noResource, "3"));

        // then
        for (int row = 0; row < 2; row++) {
            assertThat(batch.amountValue(row)).isEqualByComparingTo("0");
            assertThat(batch.price(row)).isEqualTo(new Price(holder.get().version(), List.of(), null, false));
        }
    }

    @Test
    void countsAFreePriceAsPricedAndAFactorOfNothingAsUnpriced() {
        // given
        UsageKey free = Usage.key("zen", "router", Map.of("kind", "1"));
        UsageKey factors = Usage.key("zen", "router", Map.of("kind", "vip"));

        // when
        UsageBatch batch = rate(new Usage().add(free, "3").add(factors, "3"));

        // then
        assertThat(batch.amountValue(0)).isEqualByComparingTo("0");
        assertThat(batch.price(0).priced()).isTrue();
        assertThat(batch.price(0).rules()).containsExactly("router/kind=1 flat 0", "router/resource=r1 rate 3");
        assertThat(batch.amountValue(1)).isEqualByComparingTo("0");
        assertThat(batch.price(1).priced()).isFalse();
    }

    @Test
    void rejectsOnlyTheRecordWhoseValueIsNoNumber() {
        // given
        UsageKey good = Usage.key("zen", "router", Map.of("size", BigInteger.TEN));
        UsageKey bad = Usage.key("zen", "router", Map.of("size", "big"));

        // when
        UsageBatch batch = rate(new Usage().add(good, "1").add(bad, "1").add(good, "2"));

        // then
        assertThat(batch.amountValue(0)).isEqualByComparingTo("6");
        assertThat(batch.amountValue(2)).isEqualByComparingTo("12");
        assertThat(batch.isRejected(1)).isTrue();
        assertThat(batch.price(1)).isNull();
        assertThat(batch.rejected()).singleElement().satisfies(rejected -> {
            assertThat(rejected.position()).isEqualTo(2);
            assertThat(rejected.reason())
                    .isEqualTo("can't be rated: field 'size' of service 'router' has thresholds, but its value 'big' is"
                            + " no number");
        });
    }

    @Test
    void addsTheRulesToThePriceThatARecordCameWith() {
        // given
        UsageKey ruled = Usage.key("zen", "instance", Map.of());
        UsageKey unruled = Usage.key("zen", "backup", Map.of());

        // when
        UsageBatch batch =
                rate(new Usage().add(ruled, "2").given("1.5").add(unruled, "2").given("1.5"));

        // then
        assertThat(batch.amountValue(0)).isEqualByComparingTo("1.52");
        assertThat(batch.price(0).rules()).containsExactly("given", "instance flat 0.01 [compute]");
        assertThat(batch.price(0).unitPrice()).isNull();
        assertThat(batch.amountValue(1)).isEqualByComparingTo("1.5");
        // the tariff was asked, which tells this price from a final one when rules are asked again
        assertThat(batch.price(0).tariff()).isNotEmpty();
        assertThat(batch.price(1)).isEqualTo(new Price(batch.price(0).tariff(), List.of("given"), null, true));
    }

    @Test
    void takesAGivenPriceAsFinalAndMissesItWhereThereIsNone() {
        // given: a service of that name has rules, which must not count
        UsageKey key = Usage.key("zen", Usage.meter("instance", "given"), Map.of());

        // when
        UsageBatch batch = rate(new Usage().add(key, "2").given("1.5").add(key, "2"));

        // then
        assertThat(batch.amountValue(0)).isEqualByComparingTo("1.5");
        assertThat(batch.price(0)).isEqualTo(new Price("", List.of("given"), null, true));
        assertThat(batch.amountValue(1)).isEqualByComparingTo("0");
        assertThat(batch.price(1)).isEqualTo(new Price("", List.of("given"), null, false));
    }

    @Test
    void leavesWhatIsPricedAtTheCloseWithoutAnAmountAndNotUnpriced() {
        // given
        UsageKey cost = Usage.key("zen", Usage.meter("instance", "cost"), Map.of());
        UsageKey both = Usage.key("zen", Usage.meter("instance", "hashmap", "plan"), Map.of());

        // when
        UsageBatch batch = rate(new Usage().add(cost, "2").given("9").add(both, "2"));

        // then
        assertThat(batch.amountValue(0)).isEqualByComparingTo("0");
        assertThat(batch.price(0)).isEqualTo(new Price("", List.of("cost"), null, true));
        assertThat(batch.amountValue(1)).isEqualByComparingTo("0.02");
        assertThat(batch.price(1).rules()).containsExactly("instance flat 0.01 [compute]", "plan");
    }

    @Test
    void refusesAPricingThatIsNone() {
        // given
        UsageKey key = Usage.key("zen", Usage.meter("instance", "hashmpa"), Map.of());

        // when / then
        assertThatThrownBy(() -> rate(new Usage().add(key, "2")))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        "meter 'instance': unknown pricing 'hashmpa'; did you mean 'hashmap'?; known: hashmap, given,"
                                + " cost, plan");
    }

    @Test
    void ratesTheNextBatchByTheTariffPutIntoPlaceMeanwhile() {
        // given
        UsageKey key = Usage.key("zen", "storage", Map.of());
        UsageBatch before = rate(new Usage().add(key, "1"));

        // when
        holder.set(tariff("currency: NZD\nservices: {storage: {mappings: [{cost: 2}]}}"));
        UsageBatch after = rate(new Usage().add(key, "1"));

        // then
        assertThat(before.amountValue(0)).isEqualByComparingTo("0.001");
        assertThat(after.amountValue(0)).isEqualByComparingTo("2");
        assertThat(after.price(0).tariff()).isNotEqualTo(before.price(0).tariff());
    }

    @Test
    void keepsAmountsThatNoLongHolds() {
        // given
        UsageKey key = Usage.key("zen", "storage", Map.of());

        // when
        UsageBatch batch = rate(new Usage().add(key, "12345678901234567890123456789012345.5"));

        // then: 28 significant digits, then 0.02 less
        assertThat(batch.amountValue(0)).isEqualByComparingTo("12345678901234567890123456790000");
    }
}
