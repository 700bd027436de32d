package org.caravan.metering;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MicrosTest {
    private static long parse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Micros.parse(bytes, 0, bytes.length);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-10-01T00:00:00Z, 2026-10-01T00:00:00Z",
        "2026-10-01T00:00:00, 2026-10-01T00:00:00Z",
        "2026-10-01 00:00:00, 2026-10-01T00:00:00Z",
        "2026-10-01T13:00:00+13:00, 2026-10-01T00:00:00Z",
        "2026-10-01T13:00:00+1300, 2026-10-01T00:00:00Z",
        "2026-10-01T13:00:00+13, 2026-10-01T00:00:00Z",
        "2026-09-30T18:30:00-05:30, 2026-10-01T00:00:00Z",
        "2026-10-01T00:00:00.5Z, 2026-10-01T00:00:00.5Z",
        "2026-10-01T00:00:00.123456Z, 2026-10-01T00:00:00.123456Z",
        "2026-10-01T00:00:00.123456000, 2026-10-01T00:00:00.123456Z",
        "2024-02-29T23:59:59Z, 2024-02-29T23:59:59Z",
        "2000-02-29T00:00:00Z, 2000-02-29T00:00:00Z"
    })
    void readsTheFormsThatSourcesWrite(String text, Instant instant) {
        // given a text
        // when
        long micros = parse(text);
        // then
        assertThat(micros).isEqualTo(ChronoUnit.MICROS.between(Instant.EPOCH, instant));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-10-01",
                "2026-10-01T00:00",
                "2026-10-01T24:00:00Z",
                "2026-10-01T00:60:00Z",
                "2026-10-01T00:00:60Z",
                "2026-02-29T00:00:00Z",
                "1900-02-29T00:00:00Z",
                "2026-00-01T00:00:00Z",
                "2026-04-31T00:00:00Z",
                "2026-10-00T00:00:00Z",
                "0000-01-01T00:00:00Z",
                "2026-10-01t00:00:00Z",
                "2026-10-01T00:00:00z",
                "2026-10-01T00:00:00.Z",
                "2026-10-01T00:00:00.1234567Z",
                "2026-10-01T00:00:00,5Z",
                "2026-10-01T00:00:00+19:00",
                "2026-10-01T00:00:00+1:00",
                "2026-10-01T00:00:00+01:60",
                "2026-10-01T00:00:00 +01:00",
                "2026-10-01T00:00:00ZZ",
                "2026-10-01T00:00:00[Europe/Paris]",
                "2026-1-01T00:00:000Z",
                "-026-10-01T00:00:00Z",
                "2026-10-01T00:00:0xZ",
                "1790812800"
            })
    void refusesAnythingElse(String text) {
        // given a text that is no time
        // when
        long micros = parse(text);
        // then
        assertThat(micros).isEqualTo(Micros.NONE);
    }

    @Property
    void agreesWithJavaTime(
            @ForAll @LongRange(min = -2_000_000_000_000_000L, max = 5_000_000_000_000_000L) long micros,
            @ForAll @IntRange(min = -1080, max = 1080) int offset) {
        // given
        Instant instant = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
        String text =
                DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(instant.atOffset(ZoneOffset.ofTotalSeconds(offset * 60)));
        // when
        long read = parse(text.length() == 22 || text.length() == 17 ? instant.toString() : text);
        // then
        assertThat(read).isEqualTo(micros);
    }

    @Provide
    Arbitrary<String> almostTimes() {
        return Arbitraries.strings()
                .withChars("0123456789-:TZ+. ")
                .ofMinLength(17)
                .ofMaxLength(28);
    }

    @Property
    void neverReadsWhatJavaTimeRefuses(@ForAll("almostTimes") String text) {
        // given
        String iso = "2026-" + text.substring(5);
        // when
        long micros = parse(iso);
        // then
        if (micros != Micros.NONE) {
            String full = iso.replace(' ', 'T');
            full = full.length() > 19
                            && (full.endsWith("Z") || full.lastIndexOf('+') > 18 || full.lastIndexOf('-') > 18)
                    ? full
                    : full + "Z";
            try {
                assertThat(OffsetDateTime.parse(full).toInstant())
                        .isEqualTo(Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
            } catch (DateTimeException e) {
                assertThat(full).matches(".*[+-](\\d\\d|\\d{4})|.*\\.\\d{7,}.*");
            }
        }
    }

    @Test
    void remembersOnlyTheVeryTextItReadLast() {
        // given
        Micros column = new Micros();
        byte[] bytes = "2026-10-01T00:00:00Z2026-10-01T00:00:01Znonsense".getBytes(StandardCharsets.UTF_8);
        // when
        long first = column.read(bytes, 0, 20);
        long same = column.read(bytes, 0, 20);
        long next = column.read(bytes, 20, 40);
        long bad = column.read(bytes, 40, bytes.length);
        long badAgain = column.read(bytes, 40, bytes.length);
        // then
        assertThat(same).isEqualTo(first);
        assertThat(next).isEqualTo(first + 1_000_000);
        assertThat(bad).isEqualTo(Micros.NONE).isEqualTo(badAgain);
    }
}
