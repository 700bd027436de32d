package org.caravan.metering;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Positive;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "second, hour, 1, 3600",
        "s, day, 1, 86400",
        "hours, minute, 60, 1",
        "day, h, 24, 1",
        "B, GB, 1, 1000000000",
        "byte, gigabyte, 1, 1073741824",
        "gigabyte, GiB, 1, 1",
        "GiB, GB, 134217728, 125000000",
        "KB, kB, 1, 1",
        "TiB, MiB, 1048576, 1",
        "GiB-hour, GB-hour, 134217728, 125000000",
        "GB-second, GB-hour, 1, 3600",
        "instance-day, instance-hour, 24, 1",
        "thing, thing, 1, 1"
    })
    void convertsExactly(String from, String to, BigInteger above, BigInteger below) {
        // given two units of one dimension
        // when
        var fraction = Units.between(from, to);
        // then
        assertThat(fraction).contains(new Fraction(above, below));
    }

    @ParameterizedTest
    @CsvSource({
        "hour, GB",
        "GB, GB-hour",
        "gb, GB",
        "thing, hour",
        "instance-hour, image-hour",
        "GB-thing, GB-hour",
        "-hour, hour",
        "'', hour"
    })
    void doesNotConvertAcrossDimensions(String from, String to) {
        // given two units that have nothing in common
        // when
        var fraction = Units.between(from, to);
        // then
        assertThat(fraction).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1/1048576, 1, 1048576", "0.001, 1, 1000", "2.5/0.5, 5, 1", "1e3, 1000, 1", "6/4, 3, 2"})
    void readsFactorsAsDecimalOrFraction(String text, BigInteger above, BigInteger below) {
        // given a factor as written
        // when
        Fraction fraction = Fraction.parse(text);
        // then
        assertThat(fraction).isEqualTo(new Fraction(above, below));
    }

    @Property
    void aProductIsExactWhereItTerminates(
            @ForAll BigDecimal value,
            @ForAll @Positive int above,
            @ForAll @LongRange(min = 1, max = 100_000) long below) {
        // given
        Fraction fraction = new Fraction(BigInteger.valueOf(above), BigInteger.valueOf(below));
        // when
        BigDecimal product = fraction.multiply(value, Conversion.UNENDING);
        // then back again: exact, or off by less than half a unit of the 34th digit
        BigDecimal off = product.multiply(BigDecimal.valueOf(below))
                .subtract(value.multiply(BigDecimal.valueOf(above)))
                .abs();
        BigDecimal bound = product.ulp().multiply(BigDecimal.valueOf(below));
        assertThat(off.signum() == 0 || (product.precision() == 34 && off.compareTo(bound) <= 0))
                .isTrue();
    }
}
