package org.caravan.metering;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.caravan.common.Json;
import org.caravan.common.Nearest;

/**
 * A line of caravan-jsonl: one JSON object with the fields of a usage record and a {@code metadata} object. Numbers are
 * taken from their literal.
 */
class JsonRow extends Row {
    static final String FORMAT = "caravan-jsonl";

    private static final String METADATA = "metadata";
    /** The keys of a record. */
    static final List<String> KNOWN = known();

    private static final int[] KEY_FIELDS = {REALM, TENANT, DATACENTER, RESOURCE, METER, UNIT};

    /** Duplicate keys are found here, where it costs nothing, and names of the input must not fill a shared table. */
    static final JsonFactory FACTORY = JsonFactory.builder()
            .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Json.MAX_DEPTH)
                    .maxNumberLength(256)
                    .build())
            .build();

    /** Types of metadata values, part of the key: the number 1 and the text "1" are two things. */
    private static final byte TEXT = 's';

    private static final byte INTEGER = 'i';
    private static final byte FLOAT = 'f';
    private static final byte BOOLEAN = 'b';
    private static final byte NULL = 'n';

    private final int maxMetadataFields;
    final TextBuffer texts = new TextBuffer();
    private final TextBuffer key = new TextBuffer();
    private String[] names = new String[16];
    private byte[] types = new byte[16];

    /** A metadata field lies in the buffer as name, NUL, type, value: as the key wants it. */
    private int[] itemFrom = new int[16];

    private int[] valueFrom = new int[16];
    private int[] valueTo = new int[16];
    private int metadataCount;

    JsonRow(MeteringSettings settings) {
        this.maxMetadataFields = settings.maxMetadataFields();
        this.keyFrom = new int[1];
        this.keyTo = new int[1];
        this.keyRuns = 1;
    }

    @Override
    String format() {
        return FORMAT;
    }

    @Override
    String context() {
        return null;
    }

    @Override
    String read(RawText text) {
        texts.clear();
        metadataCount = 0;
        Arrays.fill(from, 0);
        Arrays.fill(to, 0);
        String problem;
        try (JsonParser parser = FACTORY.createParser(text.bytes, text.from, text.length())) {
            problem = read(parser, text);
        } catch (JsonProcessingException e) {
            return "no well-formed JSON: " + KeyMaker.shown(String.valueOf(e.getOriginalMessage()));
        } catch (IOException e) {
            return "no well-formed JSON: " + KeyMaker.shown(String.valueOf(e.getMessage()));
        }
        bytes = texts.bytes;
        unusual = texts.unusual;
        return problem != null ? problem : texts.problem();
    }

    String read(JsonParser parser, RawText text) throws IOException {
        String problem = readRecord(parser);
        return problem != null || parser.nextToken() == null
                ? problem
                : "more than one JSON value in the " + text.what();
    }

    /** Reads a record's object, at whose beginning the parser stands before its first token. */
    final String readRecord(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return "no JSON object";
        }
        int seen = 0;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            int field = KNOWN.indexOf(name);
            if (field < 0) {
                return "unknown key " + KeyMaker.shown(name) + Nearest.hint(name, KNOWN)
                        + (name.length() > 64 ? "" : "; further fields belong into metadata");
            }
            if ((seen & 1 << field) != 0) {
                return "key '" + name + "' stands here twice";
            }
            seen |= 1 << field;
            String problem = field == NAMES.length ? readMetadata(parser) : readField(parser, field);
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    final String readField(JsonParser parser, int field) throws IOException {
        JsonToken token = parser.nextToken();
        boolean number = token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT;
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token != JsonToken.VALUE_STRING && !(number && (field == QUANTITY || field == PRICE))) {
            return NAMES[field] + ": expected a text, found " + found(token);
        }
        from[field] = texts.length;
        texts.add(parser);
        to[field] = texts.length;
        return null;
    }

    private String readMetadata(JsonParser parser) throws IOException {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token != JsonToken.START_OBJECT) {
            return "metadata: expected an object, found " + found(token);
        }
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            token = parser.nextToken();
            byte type = type(token);
            if (type == 0) {
                return "metadata " + KeyMaker.shown(name) + ": expected a plain value, found " + found(token);
            }
            if (metadataCount >= maxMetadataFields) {
                return "more than " + maxMetadataFields + " metadata fields";
            }
            for (int i = 0; i < metadataCount; i++) {
                if (names[i].equals(name)) {
                    return "metadata " + KeyMaker.shown(name) + " stands here twice";
                }
            }
            addMetadata(name, type, parser);
        }
        return null;
    }

    private void addMetadata(String name, byte type, JsonParser parser) throws IOException {
        if (metadataCount == names.length) {
            int room = 2 * metadataCount;
            names = Arrays.copyOf(names, room);
            types = Arrays.copyOf(types, room);
            itemFrom = Arrays.copyOf(itemFrom, room);
            valueFrom = Arrays.copyOf(valueFrom, room);
            valueTo = Arrays.copyOf(valueTo, room);
        }
        names[metadataCount] = name;
        types[metadataCount] = type;
        itemFrom[metadataCount] = texts.length;
        texts.add(name);
        texts.add((byte) 0);
        texts.add(type);
        valueFrom[metadataCount] = texts.length;
        texts.add(parser);
        valueTo[metadataCount] = texts.length;
        metadataCount++;
    }

    private static byte type(JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> TEXT;
            case VALUE_NUMBER_INT -> INTEGER;
            case VALUE_NUMBER_FLOAT -> FLOAT;
            case VALUE_TRUE, VALUE_FALSE -> BOOLEAN;
            case VALUE_NULL -> NULL;
            default -> 0;
        };
    }

    static String found(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            default -> "a text";
        };
    }

    /** Fields and kept metadata with NUL between them, which no text of a readable record holds. */
    @Override
    void readKey(MeterEntry meter) {
        key.clear();
        for (int field : KEY_FIELDS) {
            key.add(bytes, from[field], to[field]);
            key.add((byte) 0);
        }
        for (int i = 0; i < metadataCount; i++) {
            if (meter.keeps(names[i])) {
                key.add(bytes, itemFrom[i], valueTo[i]);
                key.add((byte) 0);
            }
        }
        keyBytes = key.bytes;
        keyFrom[0] = 0;
        keyTo[0] = key.length;
    }

    @Override
    void metadata(MeterEntry meter, Map<String, Object> into) {
        for (int i = 0; i < metadataCount; i++) {
            if (meter.keeps(names[i])) {
                String text = new String(bytes, valueFrom[i], valueTo[i] - valueFrom[i], StandardCharsets.UTF_8);
                into.put(names[i], value(types[i], text));
            }
        }
    }

    private static Object value(byte type, String text) {
        return switch (type) {
            case INTEGER -> new BigInteger(text);
            case FLOAT -> new JsonFloat(text);
            case BOOLEAN -> Boolean.valueOf(text);
            case NULL -> null;
            default -> text;
        };
    }

    private static List<String> known() {
        String[] known = Arrays.copyOf(NAMES, NAMES.length + 1);
        known[NAMES.length] = METADATA;
        return List.of(known);
    }
}
