package org.caravan.rating.hashmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.caravan.metering.JsonFloat;
import org.caravan.metering.Meter;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;
import org.junit.jupiter.api.Test;

class TariffTest {
    private static final List<RuleSet.Service> SERVICES = List.of(new RuleSet.Service("s", List.of("f", "tenant")));

    private static Mapping mapping(String field, String value, String cost) {
        return new Mapping("s", field, value, RuleType.FLAT, new BigDecimal(cost), null, null, null, null, false);
    }

    private static Threshold threshold(String level, String cost) {
        return new Threshold("s", null, new BigDecimal(level), RuleType.FLAT, new BigDecimal(cost), null, null);
    }

    private static Tariff tariff(List<Mapping> mappings, List<Threshold> thresholds) {
        return Tariff.compile(new RuleSet(SERVICES, List.of(), mappings, thresholds));
    }

    private static BigDecimal amount(Tariff tariff, Object value) {
        return tariff.resolve("s", null, Collections.singletonMap("f", value), Map.of(), 0)
                .pricing()
                .amount(BigDecimal.ONE, null);
    }

    @Test
    void tellsLevelsApartThatTheQuantitysScaleCanNot() {
        // given: a quantity without fraction reaches all three levels at once
        Tariff tariff = tariff(
                List.of(), List.of(threshold("50.001", "1"), threshold("50.002", "2"), threshold("50.003", "3")));
        Pricing pricing = tariff.resolve("s", null, Map.of(), Map.of(), 0).pricing();
        UsageKey key = new UsageKey("default", "t", "", "", Meter.unlisted("s"), "h", Map.of(), "s", "");
        UsageBatch batch = new UsageBatch(4);
        for (String quantity : new String[] {"50", "51", "50.001", "50.00299"}) {
            batch.add(key, new BigDecimal(quantity), 0, 1, 0);
        }
        batch.startPricing();

        // when
        List<String> amounts = new ArrayList<>();
        for (int row = 0; row < batch.size(); row++) {
            assertThat(pricing.priceFast(batch, row)).isTrue();
            amounts.add(batch.amountValue(row).stripTrailingZeros().toPlainString());
        }

        // then
        assertThat(amounts).containsExactly("0", "3", "1", "2");
    }

    @Test
    void comparesTextAsPythonPrintsIt() {
        // given
        Tariff tariff = tariff(
                List.of(
                        mapping("f", "8", "1"),
                        mapping("f", "8.0", "2"),
                        mapping("f", "True", "3"),
                        mapping("f", "None", "4"),
                        mapping("f", "true", "5")),
                List.of());

        // when / then
        assertThat(amount(tariff, "8")).isEqualByComparingTo("1");
        assertThat(amount(tariff, BigInteger.valueOf(8))).isEqualByComparingTo("1");
        assertThat(amount(tariff, new JsonFloat("8.00"))).isEqualByComparingTo("2");
        assertThat(amount(tariff, true)).isEqualByComparingTo("3");
        assertThat(amount(tariff, null)).isEqualByComparingTo("4");
        assertThat(amount(tariff, "true")).isEqualByComparingTo("5");
        assertThat(amount(tariff, "TRUE")).isEqualByComparingTo("0");
    }

    @Test
    void letsWhatARecordIsGroupedByWinOverItsMetadata() {
        // given
        Tariff tariff = tariff(List.of(mapping("tenant", "acme", "1"), mapping("tenant", "zen", "2")), List.of());
        UsageKey acme =
                new UsageKey("default", "acme", "", "", Meter.unlisted("s"), "h", Map.of("tenant", "zen"), "s", "");
        UsageKey nobody =
                new UsageKey("default", null, "", "", Meter.unlisted("s"), "h", Map.of("tenant", "zen"), "s", "");

        // when
        BigDecimal grouped = tariff.resolve(acme, 0, List.of()).pricing().amount(BigDecimal.ONE, null);
        BigDecimal metadata = tariff.resolve(nobody, 0, List.of()).pricing().amount(BigDecimal.ONE, null);

        // then
        assertThat(grouped).isEqualByComparingTo("1");
        assertThat(metadata).isEqualByComparingTo("2");
    }

    @Test
    void sharesTheGlobalRulesBetweenTenantsWithoutTheirOwn() {
        // given
        Tariff tariff = tariff(List.of(mapping("f", "a", "1")), List.of());

        // when
        Pricing one = tariff.resolve("s", "acme", Map.of("f", "a"), Map.of(), 0).pricing();
        Pricing other =
                tariff.resolve("s", "zen", Map.of("f", "a"), Map.of(), 0).pricing();

        // then
        assertThat(one).isSameAs(other);
    }

    @Test
    void roundsACostOfMoreThanTwentyEightDigitsBeforeItIsMultiplied() {
        // given: 40 digits, as the database of the original can hold
        Tariff tariff = tariff(List.of(mapping("f", "a", "123456789012.1234567890123456789012345678")), List.of());

        // when
        BigDecimal amount = amount(tariff, "a");

        // then
        assertThat(amount).isEqualByComparingTo("123456789012.1234567890123457");
    }

    @Test
    void refusesRulesThatNameWhatIsNotThere() {
        // given
        List<Mapping> noField = List.of(mapping("g", "a", "1"));
        List<Threshold> noGroup =
                List.of(new Threshold("s", null, BigDecimal.ONE, RuleType.FLAT, BigDecimal.ONE, "premium", null));

        // when / then
        assertThatThrownBy(() -> tariff(noField, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no such service or field: s/g");
        assertThatThrownBy(() -> tariff(List.of(), noGroup))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no such group: premium");
        assertThatThrownBy(() -> mapping("f", null, "1")).isInstanceOf(IllegalArgumentException.class);
    }
}
