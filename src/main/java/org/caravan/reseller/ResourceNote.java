package org.caravan.reseller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.caravan.common.Json;
import org.caravan.subscription.Refusal;
import org.caravan.subscription.Texts;

/** What a reseller writes beside a product or a resource: a JSON object that can be kept. */
public final class ResourceNote {
    /** Longest one, as compact JSON in UTF-8. */
    public static final int MAX_BYTES = 16 << 10;

    private final ObjectNode json;

    private ResourceNote(ObjectNode json) {
        this.json = json;
    }

    /**
     * What was sent.
     *
     * @param sent a JSON object, or null, which takes away what was written before
     * @return null for a JSON null
     * @throws Refusal if it is neither, or can't be kept
     */
    public static ResourceNote of(JsonNode sent) {
        if (sent != null && sent.isNull()) {
            return null;
        }
        if (!(sent instanceof ObjectNode object)) {
            throw Refusal.invalid("metadata", "is needed: a JSON object, or null");
        }
        check(object);
        if (object.toString().getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw Refusal.invalid("metadata", "must not be longer than " + MAX_BYTES + " bytes");
        }
        return new ResourceNote(object);
    }

    private static void check(JsonNode node) {
        if (node.isTextual() && !Texts.isStorable(node.textValue())) {
            throw Refusal.invalid("metadata", "holds a text that can't be kept: a NUL or half a character");
        }
        if (node.isNumber() && !Json.isReadableAgain(node.decimalValue())) {
            throw Refusal.invalid("metadata", "holds a number of more than " + (Json.MAX_NUMBER - 2) + " digits");
        }
        node.properties().forEach(field -> {
            if (!Texts.isStorable(field.getKey())) {
                throw Refusal.invalid("metadata", "holds a name that can't be kept: a NUL or half a character");
            }
            check(field.getValue());
        });
        if (node.isArray()) {
            node.forEach(ResourceNote::check);
        }
    }

    String text() {
        return json.toString();
    }
}
