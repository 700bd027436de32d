package org.caravan.metering;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.caravan.common.Decimals;

class DecimalReaderTest {
    private final DecimalReader reader = new DecimalReader();

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().withChars("0123456789.").ofMaxLength(22),
                Arbitraries.strings().withChars("0123456789.eE+- ").ofMaxLength(8),
                Arbitraries.bigDecimals().map(BigDecimal::toString));
    }

    @Property
    void readsWhatBigDecimalReadsAndNothingElse(@ForAll("texts") String text) {
        // given
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        // when
        boolean read = reader.read(bytes, 0, bytes.length);
        // then
        BigDecimal expected = expected(text);
        assertThat(read).isEqualTo(expected != null);
        if (read) {
            assertThat(reader.value()).isEqualByComparingTo(expected);
            assertThat(reader.value().scale()).isEqualTo(Math.max(0, expected.scale()));
            assertThat(reader.isNegative()).isEqualTo(expected.signum() < 0);
        }
    }

    private static BigDecimal expected(String text) {
        try {
            BigDecimal value = Decimals.parse(text);
            return value.precision() - value.scale() > Decimals.MAX_DIGITS ? null : value;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
