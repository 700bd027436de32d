package org.caravan.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;
import org.caravan.common.Json;

/** Flat maps of further values, which keep their type. */
public final class Properties {
    /** Most of one thing. */
    static final int MAX = 100;

    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_TEXT = 4_000;

    private Properties() {}

    /** What is wrong with a map as it was sent; null if nothing is. A null takes a value out. */
    static String problem(JsonNode sent) {
        if (!sent.isObject()) {
            return "must be an object";
        }
        if (sent.size() > MAX) {
            return "must not have more than " + MAX + " names";
        }
        for (Iterator<Map.Entry<String, JsonNode>> fields = sent.fields(); fields.hasNext(); ) {
            Map.Entry<String, JsonNode> field = fields.next();
            JsonNode value = field.getValue();
            if (field.getKey().isEmpty()
                    || field.getKey().length() > LONGEST_NAME
                    || !Texts.isStorable(field.getKey())) {
                return "has a name that is empty, or longer than " + LONGEST_NAME + " characters";
            }
            if (value.isContainerNode()) {
                return "must be flat: its values are texts, numbers or true and false";
            }
            if (value.isTextual()
                    && (value.textValue().length() > LONGEST_TEXT || !Texts.isStorable(value.textValue()))) {
                return "has a value that is longer than " + LONGEST_TEXT + " characters";
            }
            if (value.isNumber() && !Json.isReadableAgain(value.decimalValue())) {
                return "has a number of more than " + (Json.MAX_NUMBER - 2) + " digits";
            }
        }
        return null;
    }

    /** Names are merged, not purged. */
    static ObjectNode merged(ObjectNode now, ObjectNode changes) {
        ObjectNode merged = now == null ? JsonNodeFactory.instance.objectNode() : now.deepCopy();
        changes.fields().forEachRemaining(field -> {
            if (field.getValue().isNull()) {
                merged.remove(field.getKey());
            } else {
                merged.set(field.getKey(), field.getValue());
            }
        });
        if (merged.size() > MAX) {
            throw Refusal.invalid("properties", "must not have more than " + MAX + " names");
        }
        return merged;
    }
}
