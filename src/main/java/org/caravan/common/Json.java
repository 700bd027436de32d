package org.caravan.common;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;

/** The one place where JSON mappers are made: every decimal is read exactly, every input is bounded. */
public final class Json {
    /** The deepest nesting that any input may have. */
    public static final int MAX_DEPTH = 64;

    /** Longest number that is read, in characters. */
    public static final int MAX_NUMBER = 256;

    private static final JsonMapper MAPPER = newMapper();

    private Json() {}

    /** The shared mapper. Treat it as immutable. */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    /**
     * False for a number that could be read once only: written without exponent, as PostgreSQL gives a {@code jsonb} back, it is
     * longer than what is read.
     */
    public static boolean isReadableAgain(BigDecimal number) {
        long scale = number.scale();
        long digits = Math.max(number.precision(), Math.max(number.precision() - scale, scale + 1));
        // a sign and a point
        return digits + 2 <= MAX_NUMBER;
    }

    private static JsonMapper newMapper() {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxNumberLength(MAX_NUMBER)
                        .build())
                .build();
        return JsonMapper.builder(factory)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS.mappedFeature())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .build();
    }
}
