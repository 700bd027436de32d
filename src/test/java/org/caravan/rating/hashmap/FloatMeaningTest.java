package org.caravan.rating.hashmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.caravan.metering.JsonFloat;
import org.junit.jupiter.api.Test;

class FloatMeaningTest {
    @Test
    void printsAFloatAsPythonDoes() throws Exception {
        // given: literals with the text that Python prints, powers of two and the ends of the range among them
        String lines;
        try (InputStream in = getClass().getResourceAsStream("/golden/python-float-text.tsv")) {
            lines = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }

        for (String line : lines.split("\n")) {
            String[] pair = line.split("\t");

            // when
            String text = FloatMeaning.text(new JsonFloat(pair[0]));

            // then
            assertThat(text).as(pair[0]).isEqualTo(pair[1]);
        }
    }

    @Test
    void takesTheBinaryValueOfAFloat() {
        // given
        JsonFloat number = new JsonFloat("0.3");

        // when
        BigDecimal value = FloatMeaning.value(number);

        // then
        assertThat(value)
                .isEqualByComparingTo("0.299999999999999988897769753748434595763683319091796875")
                .isLessThan(new BigDecimal("0.3"));
    }
}
