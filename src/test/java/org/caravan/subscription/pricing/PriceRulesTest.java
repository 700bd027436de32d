package org.caravan.subscription.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.Scale;
import net.jqwik.api.constraints.Size;
import org.caravan.common.Json;
import org.caravan.metering.Bands;
import org.junit.jupiter.api.Test;

/** What rules come to, worked by hand, and what must hold for every quantity. */
class PriceRulesTest {
    private static final String TIERS =
            "\"tiers\":[{\"from\":null,\"to\":\"100\",\"price\":\"0.05\"},{\"from\":\"100\",\"to\":\"1000\",\"price\":\"0.04\"},"
                    + "{\"from\":\"1000\",\"to\":null,\"price\":\"0.02\"}]";
    private static final PriceRules VOLUME = rules("[{\"type\":\"volume\"," + TIERS + "}]");
    private static final PriceRules GRADUATED = rules("[{\"type\":\"volume\",\"mode\":\"graduated\"," + TIERS + "}]");

    private static PriceRules rules(String json) {
        try {
            return PriceRulesJson.read(Json.mapper().readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String plain(BigDecimal amount) {
        return amount.stripTrailingZeros().toPlainString();
    }

    private static String volume(String quantity) {
        return plain(VOLUME.byVolume(new BigDecimal(quantity)));
    }

    private static String graduated(String quantity) {
        return plain(GRADUATED.byVolume(new BigDecimal(quantity)));
    }

    @Test
    void aVolumePricePricesAllByTheTierOfTheWhole() {
        // given / when / then: tiers are half-open, so 100 is in the second
        assertThat(volume("0")).isEqualTo("0");
        assertThat(volume("99.5")).isEqualTo("4.975");
        assertThat(volume("100")).isEqualTo("4");
        assertThat(volume("999.999")).isEqualTo("39.99996");
        assertThat(volume("1000")).isEqualTo("20");
    }

    @Test
    void aGraduatedPricePricesEachSliceByItsOwnTier() {
        // given / when / then
        assertThat(graduated("100")).isEqualTo("5");
        assertThat(graduated("150")).isEqualTo("7");
        assertThat(graduated("1000")).isEqualTo("41");
        assertThat(graduated("1500.5")).isEqualTo("51.01");
    }

    @Test
    void whatNoTierHoldsIsFree() {
        // given
        PriceRules gap = rules("[{\"type\":\"volume\",\"mode\":\"graduated\",\"tiers\":"
                + "[{\"from\":\"10\",\"to\":\"20\",\"price\":\"1\"},{\"from\":\"30\",\"to\":null,\"price\":\"2\"}]}]");
        // when / then
        assertThat(plain(gap.byVolume(new BigDecimal("10")))).isEqualTo("0");
        assertThat(plain(gap.byVolume(new BigDecimal("25")))).isEqualTo("10");
        assertThat(plain(gap.byVolume(new BigDecimal("31")))).isEqualTo("12");
    }

    @Test
    void rulesAdd() {
        // given
        PriceRules several = rules("[{\"type\":\"fixed\",\"price\":\"9.90\"},{\"type\":\"fixed\",\"price\":0.1},"
                + "{\"type\":\"volume\"," + TIERS + "},{\"type\":\"volume\",\"tiers\":[{\"price\":\"0.01\"}]}]");
        // when / then
        assertThat(plain(several.ofPeriod())).isEqualTo("10");
        assertThat(plain(several.byVolume(new BigDecimal("50")))).isEqualTo("3");
        assertThat(plain(several.unitPrice(new BigDecimal("50")))).isEqualTo("0.06");
    }

    @Test
    void aBandHasThePriceOfItsTime() {
        // given
        PriceRules rules =
                rules("[{\"type\":\"time\",\"tiers\":[{\"start\":\"08:00\",\"end\":\"18:00\",\"price\":\"0.06\"},"
                        + "{\"start\":\"22:00\",\"end\":\"06:00\",\"price\":\"0.01\"}]}]");
        // when / then
        assertThat(byTime(rules, "08:00-18:00")).isEqualTo("0.06");
        assertThat(byTime(rules, "12:00-13:30")).isEqualTo("0.06");
        assertThat(byTime(rules, "23:00-04:00")).isEqualTo("0.01");
        assertThat(byTime(rules, "18:00-22:00")).isEqualTo("0");
        assertThatThrownBy(() -> byTime(rules, "07:00-09:00"))
                .hasMessageStartingWith("usage of 07:00-09:00 has more than one price");
        assertThatThrownBy(() -> rules.byTime(Optional.empty()))
                .hasMessage("its price by the time of the day needs a meter with 'bands' in the meters file");
    }

    private static String byTime(PriceRules rules, String band) {
        return plain(rules.byTime(Bands.part("x " + band)));
    }

    @Test
    void thePrototypesFormIsReadAndTheContractsIsWritten() {
        // given
        PriceRules rules = rules("[{\"type\":\"volume\",\"pricing\":[{\"start\":0,\"end\":100,\"price\":0.05}]},"
                + "{\"type\":\"time\",\"pricing\":[{\"start\":\"08:00\",\"end\":\"24:00\",\"price\":\"0.060\"}]}]");
        // when / then
        assertThat(PriceRulesJson.write(rules))
                .hasToString("[{\"type\":\"volume\",\"mode\":\"volume\",\"tiers\":[{\"from\":\"0\",\"to\":\"100\","
                        + "\"price\":\"0.05\"}]},{\"type\":\"time\",\"tiers\":[{\"start\":\"08:00\",\"end\":\"24:00\","
                        + "\"price\":\"0.06\"}]}]");
        assertThat(PriceRulesJson.read(PriceRulesJson.write(rules)))
                .hasToString(PriceRulesJson.read(PriceRulesJson.write(rules)).toString());
    }

    @Test
    void whatCanNotBeUnderstoodIsRefusedWithItsPlace() {
        // given / when / then
        for (String[] wrong : List.of(
                new String[] {"{}", "pricing: expected a list"},
                new String[] {"[{\"type\":\"flat\"}]", "pricing[0].type: expected fixed, volume or time"},
                new String[] {"[{\"type\":\"fixed\"}]", "pricing[0].price: is missing"},
                new String[] {"[{\"type\":\"fixed\",\"price\":\"x\"}]", "pricing[0].price: 'x' is no decimal number"},
                new String[] {"[{\"type\":\"volume\",\"tiers\":[]}]", "pricing[0].tiers: expected at least one"},
                new String[] {
                    "[{\"type\":\"volume\",\"mode\":\"x\",\"tiers\":[{\"price\":\"1\"}]}]", "pricing[0].mode: expected"
                },
                new String[] {
                    "[{\"type\":\"volume\",\"tiers\":[{\"to\":\"5\",\"price\":\"1\"},{\"from\":\"4\",\"price\":\"1\"}]}]",
                    "pricing[0].tiers[1]: overlaps"
                },
                new String[] {
                    "[{\"type\":\"volume\",\"tiers\":[{\"from\":\"5\",\"to\":\"5\",\"price\":\"1\"}]}]",
                    "pricing[0].tiers[0]: 'from' must be below 'to'"
                },
                new String[] {
                    "[{\"type\":\"time\",\"tiers\":[{\"start\":\"8\",\"end\":\"9\",\"price\":\"1\"}]}]",
                    "pricing[0].tiers[0].start: '8' is no time of the day"
                })) {
            assertThatThrownBy(() -> rules(wrong[0]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(wrong[1]);
        }
    }

    @Property(tries = 200)
    void theSlicesOfAGraduatedPriceSumUpToTheWhole(
            @ForAll @Size(min = 1, max = 8) List<@BigRange(min = "0", max = "900") @Scale(3) BigDecimal> parts) {
        // given
        BigDecimal total = parts.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        // when
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal before = BigDecimal.ZERO;
        for (BigDecimal part : parts) {
            sum = sum.add(GRADUATED.slice(before, part, total));
            before = before.add(part);
        }
        // then
        assertThat(sum).isEqualByComparingTo(GRADUATED.byVolume(total));
    }

    @Property(tries = 200)
    void theSlicesOfAVolumePriceHaveOnePriceAndSumUpToTheWhole(
            @ForAll @Size(min = 1, max = 8) List<@BigRange(min = "0", max = "900") @Scale(3) BigDecimal> parts) {
        // given
        BigDecimal total = parts.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal price = VOLUME.unitPrice(total);
        // when
        BigDecimal sum = BigDecimal.ZERO;
        for (BigDecimal part : parts) {
            assertThat(VOLUME.slice(sum, part, total)).isEqualByComparingTo(price.multiply(part));
            sum = sum.add(VOLUME.slice(BigDecimal.ZERO, part, total));
        }
        // then
        assertThat(sum).isEqualByComparingTo(VOLUME.byVolume(total));
    }
}
