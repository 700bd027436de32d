package org.caravan.api.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.caravan.common.Json;

/**
 * What is answered.
 *
 * @param status HTTP status
 * @param headers beside the content type
 * @param contentType of the body, or null without one
 * @param body the bytes; empty without, and where they are streamed
 * @param stream the bytes, made as they are sent; null where they are in hand
 */
public record Answer(int status, Map<String, String> headers, String contentType, byte[] body, InputStream stream) {
    public static final String JSON = "application/json";

    private static final byte[] NOTHING = new byte[0];

    public Answer {
        headers = Map.copyOf(headers);
    }

    /** One whose bytes are in hand. */
    public Answer(int status, Map<String, String> headers, String contentType, byte[] body) {
        this(status, headers, contentType, body, null);
    }

    /** One that is made as it is sent. */
    public static Answer streamed(int status, String contentType, InputStream stream) {
        return new Answer(status, Map.of(), contentType, NOTHING, stream);
    }

    public static Answer json(int status, JsonNode node) {
        try {
            return new Answer(status, Map.of(), JSON, Json.mapper().writeValueAsBytes(node));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }

    public static Answer empty(int status) {
        return new Answer(status, Map.of(), null, NOTHING);
    }

    public static Answer text(int status, String contentType, String text) {
        return new Answer(status, Map.of(), contentType, text.getBytes(StandardCharsets.UTF_8));
    }

    /** The same with one header more. */
    public Answer with(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new Answer(status, more, contentType, body, stream);
    }
}
