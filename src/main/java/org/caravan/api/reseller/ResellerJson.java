package org.caravan.api.reseller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.DecimalNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import org.caravan.api.http.Answer;
import org.caravan.common.Decimals;
import org.caravan.common.Json;

/** How this contract prints numbers and times. */
final class ResellerJson {
    private static final ObjectWriter WRITER =
            Json.mapper().writer().with(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN);
    private static final DateTimeFormatter RFC_1123 =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);
    private static final DateTimeFormatter ISO = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx", Locale.ROOT);
    private static final DateTimeFormatter ISO_MILLIS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxxx", Locale.ROOT);
    private static final int FIXED = 8;

    private ResellerJson() {}

    /** Numbers without exponent. */
    static Answer answer(JsonNode node) {
        return new Answer(200, Map.of(), Answer.JSON, text(node).getBytes(StandardCharsets.UTF_8));
    }

    /** As above, as a text. */
    static String text(JsonNode node) {
        try {
            return WRITER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }

    /** A number without trailing zeros: {@code 1.9}. */
    static DecimalNode number(BigDecimal value) {
        return DecimalNode.valueOf(new BigDecimal(Decimals.plain(value)));
    }

    /** A rate or price, always with 8 decimals. */
    static DecimalNode fixed(BigDecimal value) {
        return DecimalNode.valueOf(value.setScale(FIXED, RoundingMode.HALF_UP));
    }

    /** {@code Thu, 20 Dec 2018 16:19:19 GMT}. */
    static String rfc1123(Instant time) {
        return RFC_1123.format(time.atOffset(ZoneOffset.UTC));
    }

    /** {@code 2017-08-17T20:18:00+00:00}. */
    static String iso(Instant time) {
        return ISO.format(time.atOffset(ZoneOffset.UTC));
    }

    /** {@code 2017-08-17T20:18:00.000+00:00}. */
    static String isoMillis(Instant time) {
        return ISO_MILLIS.format(time.atOffset(ZoneOffset.UTC));
    }
}
