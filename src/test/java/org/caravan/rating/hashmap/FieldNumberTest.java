package org.caravan.rating.hashmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.caravan.metering.JsonFloat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldNumberTest {
    @ParameterizedTest
    @CsvSource({
        "'1_0', 10",
        "' 1 ', 1",
        "'1e2', 100",
        "'.5', 0.5",
        "'5.', 5",
        "'+.5e-3', 0.0005",
        "'-2', -2",
        "'\u0663', 3",
        "'1\u00a0', 1",
        "'\u0085 2', 2",
        "'_1', 1",
        "'1__0_', 10",
        "'1e1_0', 10000000000",
        "'0e99999999999999', 0",
        "'1e+0000000002', 100"
    })
    void readsTextAsPythonsDecimalDoes(String text, BigDecimal value) {
        // given
        BigDecimal justAbove = value.add(new BigDecimal("0.00000001"));

        // when
        FieldNumber number = FieldNumber.of(text);

        // then
        assertThat(number.reaches(value)).isTrue();
        assertThat(number.reaches(justAbove)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "abc", "1e", "--1", "0x10", "1,5", "1 0", "nan", "sNaN", ".", "1.2.3", "+"})
    void refusesTextThatIsNoNumber(String text) {
        // given a text that Python's Decimal refuses, or can't compare

        // when
        FieldNumber number = FieldNumber.of(text);

        // then
        assertThat(number).isNull();
    }

    @Test
    void refusesNullAndTextsBeyondTheLimit() {
        // given
        String longest = "1".repeat(FieldNumber.MAX_TEXT);

        // when / then
        assertThat(FieldNumber.of(null)).isNull();
        assertThat(FieldNumber.of(longest)).isNotNull();
        assertThat(FieldNumber.of(longest + "1")).isNull();
    }

    @Test
    void ordersNumbersBeyondAnyLevel() {
        // given
        BigDecimal high = new BigDecimal("999999999999");
        BigDecimal low = new BigDecimal("-0.5");
        BigDecimal tiny = new BigDecimal("0.00000001");

        // when / then
        assertThat(FieldNumber.of("Infinity").reaches(high)).isTrue();
        assertThat(FieldNumber.of("-inf").reaches(low)).isFalse();
        assertThat(FieldNumber.of("1e99999999999999").reaches(high)).isTrue();
        assertThat(FieldNumber.of("-1e99999999999999").reaches(low)).isFalse();
        assertThat(FieldNumber.of("1e-99999999999999").reaches(tiny)).isFalse();
        assertThat(FieldNumber.of("1e-99999999999999").reaches(BigDecimal.ZERO)).isTrue();
        assertThat(FieldNumber.of(new JsonFloat("1e999")).reaches(high)).isTrue();
        assertThat(FieldNumber.of(new JsonFloat("-1e999")).reaches(low)).isFalse();
    }

    @Test
    void readsBooleansAndIntegers() {
        // given
        BigDecimal one = BigDecimal.ONE;

        // when / then
        assertThat(FieldNumber.of(true).reaches(one)).isTrue();
        assertThat(FieldNumber.of(false).reaches(one)).isFalse();
        assertThat(FieldNumber.of(BigInteger.TEN).reaches(BigDecimal.TEN)).isTrue();
    }
}
