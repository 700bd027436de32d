package org.caravan.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.caravan.common.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonlReadingTest {
    private static final String TIMES = "\"begin\":\"2026-10-01T00:00:00Z\",\"end\":\"2026-10-01T01:00:00Z\"";
    private static final String GOOD =
            "{\"tenant\":\"t\",\"resource\":\"r\",\"meter\":\"m\",\"quantity\":1," + TIMES + "}\n";

    @Test
    void readsEveryFieldWithItsType() {
        // given
        String text =
                "{\"id\":\"e\",\"realm\":\"x\",\"tenant\":\"t\",\"datacenter\":\"d\",\"resource\":\"r\",\"meter\":\"m\","
                        + "\"quantity\":1.10,\"unit\":\"hour\"," + TIMES
                        + ",\"price\":\"-0.30\",\"metadata\":{\"text\":\"a\\u00e9\","
                        + "\"empty\":\"\",\"whole\":12345678901234567890123,\"fraction\":1.50,\"exponent\":1e2,\"yes\":true,"
                        + "\"none\":null}}";
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("empty", "");
        metadata.put("exponent", new JsonFloat("1e2"));
        metadata.put("fraction", new JsonFloat("1.50"));
        metadata.put("none", null);
        metadata.put("text", "aé");
        metadata.put("whole", new BigInteger("12345678901234567890123"));
        metadata.put("yes", true);
        // when
        var batches = Reading.jsonl(text);
        // then
        assertThat(Reading.rejected(batches)).isEmpty();
        assertThat(Reading.records(batches))
                .containsExactly(new UsageRecord(
                        "e",
                        "x",
                        "t",
                        "d",
                        "r",
                        "m",
                        new BigDecimal("1.10"),
                        "hour",
                        Instant.parse("2026-10-01T00:00:00Z"),
                        Instant.parse("2026-10-01T01:00:00Z"),
                        metadata,
                        new BigDecimal("-0.30")));
        assertThat(batches.get(0).key(0).metadata().keySet()).containsExactlyElementsOf(metadata.keySet());
        assertThat(batches.get(0).positions()).containsExactly(new PositionRange("files", "key", 1, 2, true));
    }

    @Test
    void nullAndAbsentAreTheSame() {
        // given
        String text = GOOD
                + "{\"id\":null,\"tenant\":\"t\",\"datacenter\":\"\",\"resource\":\"r\",\"meter\":\"m\",\"quantity\":\"1\","
                + "\"unit\":null,\"price\":null,\"metadata\":null," + TIMES + "}";
        // when
        var batches = Reading.jsonl(text);
        // then
        var records = Reading.records(batches);
        assertThat(records).hasSize(2);
        assertThat(records.get(1)).isEqualTo(records.get(0));
        assertThat(batches.get(0).key(1)).isSameAs(batches.get(0).key(0));
    }

    @Test
    void aNumberAndATextAreTwoMetadataValues() {
        // given
        String text = GOOD.replace("}", ",\"metadata\":{\"a\":1}}") + GOOD.replace("}", ",\"metadata\":{\"a\":\"1\"}}");
        // when
        UsageBatch batch = Reading.jsonl(text).get(0);
        // then
        assertThat(batch.key(0).metadata()).isEqualTo(Map.of("a", BigInteger.ONE));
        assertThat(batch.key(1).metadata()).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void anEmptyInputYieldsOneEmptyLastBatch() {
        // given
        String text = "";
        // when
        var batches = Reading.jsonl(text);
        // then
        assertThat(batches).singleElement().satisfies(b -> {
            assertThat(b.size()).isZero();
            assertThat(b.positions()).containsExactly(new PositionRange("files", "key", 1, 1, true));
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{|no well-formed JSON:",
                "nonsense|no well-formed JSON:",
                "[1]|no JSON object",
                "`   `|no JSON object",
                "{} {}|more than one JSON value in the line",
                "{}|no meter",
                "{\"meter\":\"m\",\"meter\":\"m\"}|key 'meter' stands here twice",
                "{\"tennant\":\"t\"}|unknown key 'tennant'; did you mean 'tenant'?; further fields belong into metadata",
                "{\"tenant\":7}|tenant: expected a text, found a number",
                "{\"id\":{}}|id: expected a text, found an object",
                "{\"quantity\":true}|quantity: expected a text, found a boolean",
                "{\"metadata\":[]}|metadata: expected an object, found an array",
                "{\"metadata\":{\"a\":{\"b\":1}}}|metadata 'a': expected a plain value, found an object",
                "{\"metadata\":{\"a\":[1]}}|metadata 'a': expected a plain value, found an array",
                "{\"metadata\":{\"a\":1,\"a\":2}}|metadata 'a' stands here twice",
                "{\"tenant\":\"a\\u0000\"}|holds a NUL character",
                "{\"tenant\":\"\\ud800\"}|holds half of a surrogate pair",
                "{\"metadata\":{\"a\\u0000\":1}}|holds a NUL character",
                "{\"quantity\":NaN}|no well-formed JSON:",
                "{\"quantity\":01}|no well-formed JSON:"
            })
    void aBadLineIsRejectedAndItsNeighboursAreNot(String line, String reason) {
        // given
        String text = GOOD + line + "\n" + GOOD;
        // when
        var batches = Reading.jsonl(text);
        // then
        assertThat(Reading.records(batches)).hasSize(2);
        assertThat(Reading.rejected(batches)).singleElement().satisfies(r -> {
            assertThat(r.position()).isEqualTo(2);
            assertThat(r.reason()).startsWith(reason).doesNotContain("\n");
            assertThat(r.raw()).isEqualTo(line);
            assertThat(r.format()).isEqualTo("caravan-jsonl");
            assertThat(r.context()).isNull();
        });
    }

    @Test
    void anUnreadableNumberIsRejectedByItsLiteral() {
        // given a literal that no double could hold apart from its neighbour, and one of too many digits
        String text = GOOD.replace(":1,", ":0.1000000000000000055511151231257827,")
                + GOOD.replace(":1,", ":" + "9".repeat(65) + ",")
                + GOOD.replace(":1,", ":" + "9".repeat(300) + ",");
        // when
        var batches = Reading.jsonl(text);
        // then
        assertThat(Reading.records(batches).get(0).quantity())
                .isEqualTo(new BigDecimal("0.1000000000000000055511151231257827"));
        assertThat(Reading.rejected(batches)).extracting(Rejected::position).containsExactly(2L, 3L);
    }

    @Test
    void namesInAllScriptsAreKeptAsTheyAre() {
        // given the same name plain and escaped
        String tenant = "東京 \uD83D\uDE80 שלום";
        String escaped = "\\u6771\\u4eac \\ud83d\\ude80 \\u05e9\\u05dc\\u05d5\\u05dd";
        // when
        var batches = Reading.jsonl(
                GOOD.replace("\"t\"", "\"" + tenant + "\"") + GOOD.replace("\"t\"", "\"" + escaped + "\""));
        // then
        assertThat(batches.get(0).key(0).tenant()).isEqualTo(tenant);
        assertThat(batches.get(0).key(1)).isSameAs(batches.get(0).key(0));
    }

    @Test
    void aFileOfAnotherKindIsRefused() {
        // given
        String text = (Reading.HEADER + "\n").repeat(1001);
        // when
        var reading = assertThatThrownBy(() -> Reading.jsonl(text));
        // then
        reading.isInstanceOf(UserError.class)
                .hasMessageContaining("refused: 1001 of 1001 lines unusable")
                .hasMessageContaining("first: line 1: no well-formed JSON");
    }
}
