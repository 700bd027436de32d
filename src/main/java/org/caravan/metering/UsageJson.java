package org.caravan.metering;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import org.caravan.common.Decimals;
import org.caravan.common.Json;

/** Writes a usage record as one line that the data format caravan-jsonl reads again. */
public final class UsageJson {
    private UsageJson() {}

    /** One line of caravan-jsonl, without a line break; absent values are left out. */
    public static String line(UsageRecord record) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        put(node, "id", record.id());
        if (!UsageKey.DEFAULT_REALM.equals(record.realm())) {
            put(node, "realm", record.realm());
        }
        put(node, "tenant", record.tenant());
        put(node, "datacenter", record.datacenter());
        put(node, "resource", record.resource());
        put(node, "meter", record.meter());
        node.put("quantity", Decimals.plain(record.quantity()));
        put(node, "unit", record.unit());
        node.put("begin", record.begin().toString());
        node.put("end", record.end().toString());
        if (record.price() != null) {
            node.put("price", Decimals.plain(record.price()));
        }
        if (!record.metadata().isEmpty()) {
            putMetadata(node.putObject("metadata"), record.metadata());
        }
        return node.toString();
    }

    /** Metadata as a JSON object that keeps the types of its values. */
    public static String metadata(Map<String, Object> metadata) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        putMetadata(node, metadata);
        return node.toString();
    }

    /**
     * Reads what {@link #metadata} wrote, with its types and its numbers' literals.
     *
     * @throws IllegalArgumentException if the text is no flat JSON object
     */
    public static Map<String, Object> readMetadata(String json) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        try (JsonParser parser = Json.mapper().createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("metadata is no JSON object");
            }
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                metadata.put(name, value(parser, parser.nextToken()));
            }
            return metadata;
        } catch (IOException e) {
            throw new IllegalArgumentException("metadata is no JSON object", e);
        }
    }

    private static Object value(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case VALUE_NULL -> null;
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NUMBER_INT -> parser.getBigIntegerValue();
            case VALUE_NUMBER_FLOAT -> new JsonFloat(parser.getText());
            case VALUE_STRING -> parser.getText();
            default -> throw new IllegalArgumentException("metadata may not be nested");
        };
    }

    private static void putMetadata(ObjectNode node, Map<String, Object> metadata) {
        metadata.forEach((name, value) -> {
            if (value == null) {
                node.putNull(name);
            } else if (value instanceof Boolean b) {
                node.put(name, b);
            } else if (value instanceof BigInteger i) {
                node.put(name, i);
            } else if (value instanceof JsonFloat f) {
                node.putRawValue(name, new com.fasterxml.jackson.databind.util.RawValue(f.literal()));
            } else {
                node.put(name, value.toString());
            }
        });
    }

    private static void put(ObjectNode node, String name, String value) {
        if (value != null && !value.isEmpty()) {
            node.put(name, value);
        }
    }
}
