package org.caravan.api.rating;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Request;

/** The JSON object that a route of v2 takes: an attribute that it does not have is refused. */
final class V2Body {
    private final JsonNode body;

    private V2Body(JsonNode body) {
        this.body = body;
    }

    /** @throws ApiError 400 if it is no object, or has other attributes than these */
    static V2Body of(Request request, Set<String> known) {
        JsonNode body = FrameReader.parse(request.body());
        if (!body.isObject()) {
            throw V2Invalid.body(body, "expected a dictionary");
        }
        for (Iterator<String> names = body.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw V2Invalid.body(body, "extra keys not allowed", name);
            }
        }
        return new V2Body(body);
    }

    ApiError invalid(String name, String reason) {
        return V2Invalid.body(body, reason, name);
    }

    /** The attribute as it was sent; null where it is absent or null. */
    private JsonNode node(String name) {
        JsonNode value = body.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private JsonNode needed(String name) {
        JsonNode value = node(name);
        if (value == null) {
            throw invalid(name, "required key not provided");
        }
        return value;
    }

    /** A text that must be there; it may be blank. */
    String neededText(String name) {
        return text(name, needed(name));
    }

    private String text(String name, JsonNode value) {
        if (!value.isTextual() || !Invalid.isStorable(value.textValue())) {
            throw invalid(name, "expected str");
        }
        return value.textValue();
    }

    /** Texts given as a list, or as one with commas between them, each once; empty ones say nothing. */
    Set<String> many(String name) {
        Set<String> found = new LinkedHashSet<>();
        JsonNode value = node(name);
        if (value == null) {
            return found;
        }
        if (value.isArray()) {
            value.forEach(one -> found.add(text(name, one)));
        } else {
            for (String part : text(name, value).split(",")) {
                found.add(part.strip());
            }
        }
        found.removeIf(String::isBlank);
        return found;
    }

    /** False where it is not there. */
    boolean flag(String name) {
        JsonNode value = node(name);
        if (value == null) {
            return false;
        }
        return switch (value.asText()) {
            case "true", "True", "1" -> true;
            case "false", "False", "0" -> false;
            default -> throw invalid(name, "expected bool");
        };
    }

    /** A moment, or null. */
    Instant time(String name) {
        JsonNode value = node(name);
        return value == null ? null : time(name, value);
    }

    /** A moment that must be there. */
    Instant neededTime(String name) {
        return time(name, needed(name));
    }

    private Instant time(String name, JsonNode value) {
        try {
            return Dates.start(value.isTextual() ? value.textValue() : "");
        } catch (IllegalArgumentException e) {
            throw invalid(name, "expected a date and time in ISO 8601");
        }
    }
}
