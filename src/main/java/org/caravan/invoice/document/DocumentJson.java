package org.caravan.invoice.document;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.caravan.common.Json;
import org.caravan.common.UserError;
import org.caravan.ledger.EntryKind;

/**
 * A document as it travels: UTF-8 JSON, keys in a fixed order, decimals as strings without exponent, absent values left
 * out. Equal documents give equal bytes.
 */
public final class DocumentJson {
    /** No decimal in a document is longer. */
    static final int MAX_DECIMAL_CHARS = 400;

    private static final JsonMapper MAPPER = mapper();

    private DocumentJson() {}

    /** The document's bytes. */
    public static byte[] write(Document document) {
        try {
            return MAPPER.writeValueAsBytes(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("document " + document.key() + " can't be written", e);
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws UserError if it is no document, or one of another schema version
     */
    public static Document read(byte[] json) {
        Document document;
        try {
            document = MAPPER.readValue(json, Document.class);
        } catch (IOException e) {
            String problem = e instanceof JsonProcessingException j ? j.getOriginalMessage() : e.getMessage();
            throw new UserError(
                    "not a Caravan document of schema version " + Document.SCHEMA_VERSION + ": " + problem, e);
        }
        if (document.schemaVersion() != Document.SCHEMA_VERSION) {
            throw new UserError("document " + document.key() + " has schema version " + document.schemaVersion()
                    + "; this version of Caravan reads " + Document.SCHEMA_VERSION);
        }
        return document;
    }

    private static JsonMapper mapper() {
        SimpleModule module = new SimpleModule("caravan-document")
                .addSerializer(BigDecimal.class, new Decimal())
                .addSerializer(Instant.class, ToStringSerializer.instance)
                .addSerializer(YearMonth.class, ToStringSerializer.instance)
                .addSerializer(EntryKind.class, new KindWord());
        texts(module, BigDecimal.class, DocumentJson::decimal);
        texts(module, Instant.class, Instant::parse);
        texts(module, YearMonth.class, YearMonth::parse);
        texts(module, EntryKind.class, word -> EntryKind.valueOf(word.toUpperCase(Locale.ROOT)));
        JsonMapper mapper = Json.mapper().copy();
        mapper.registerModule(module);
        mapper.setSerializationInclusion(JsonInclude.Include.NON_NULL);
        return mapper;
    }

    /** An exponent is refused, as {@code 1e999999999} would be a gigabyte when written out. */
    private static BigDecimal decimal(String text) {
        if (text.length() > MAX_DECIMAL_CHARS || text.indexOf('e') >= 0 || text.indexOf('E') >= 0) {
            throw new NumberFormatException("not a plain decimal");
        }
        return new BigDecimal(text);
    }

    private static <T> void texts(SimpleModule module, Class<T> type, Function<String, T> parse) {
        module.addDeserializer(type, new FromText<>(type, parse));
    }

    private static final class FromText<T> extends StdDeserializer<T> {
        private final transient Function<String, T> parse;

        FromText(Class<T> type, Function<String, T> parse) {
            super(type);
            this.parse = parse;
        }

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                throw context.wrongTokenException(parser, handledType(), JsonToken.VALUE_STRING, "expected a string");
            }
            try {
                return parse.apply(parser.getText());
            } catch (IllegalArgumentException | DateTimeException e) {
                throw context.weirdStringException(parser.getText(), handledType(), e.getMessage());
            }
        }
    }

    private static final class Decimal extends JsonSerializer<BigDecimal> {
        @Override
        public void serialize(BigDecimal value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(value.toPlainString());
        }
    }

    private static final class KindWord extends JsonSerializer<EntryKind> {
        @Override
        public void serialize(EntryKind value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(value.name().toLowerCase(Locale.ROOT));
        }
    }

    /** Metadata keeps the types it was told in: its numbers are no money and stay numbers. */
    static final class Metadata extends JsonSerializer<Map<String, Object>> {
        @Override
        public void serialize(Map<String, Object> value, JsonGenerator out, SerializerProvider provider)
                throws IOException {
            Json.mapper().writeValue(out, value);
        }
    }
}
