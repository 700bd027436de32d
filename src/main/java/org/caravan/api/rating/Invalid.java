package org.caravan.api.rating;

import com.fasterxml.jackson.databind.JsonNode;
import org.caravan.api.http.ApiError;

/** The sentences of v1 about what was said wrongly, all of them 400. */
final class Invalid {
    private static final int BAD_REQUEST = 400;
    private static final int MAX_SHOWN = 200;

    private Invalid() {}

    /** @param value as it was sent */
    static ApiError input(String attribute, JsonNode value, String reason) {
        return input(attribute, shown(value), reason);
    }

    static ApiError input(String attribute, String value, String reason) {
        return new ApiError(
                BAD_REQUEST,
                "Invalid input for field/attribute " + attribute + ". Value: '" + cut(value) + "'. " + reason);
    }

    static ApiError missing(String attribute) {
        return input(attribute, "None", "Mandatory field missing.");
    }

    static ApiError unknownArgument(String name) {
        return new ApiError(BAD_REQUEST, "Unknown argument: \"" + cut(name) + "\"");
    }

    static ApiError missingArgument(String name) {
        return new ApiError(BAD_REQUEST, "Missing argument: \"" + name + "\"");
    }

    /** A text that the ledger can keep: PostgreSQL has no NUL, and half a character is none. */
    static String storable(String attribute, String text) {
        if (text != null && !isStorable(text)) {
            throw input(attribute, text.replace('\0', '?'), "It holds a character that can't be kept.");
        }
        return text;
    }

    static boolean isStorable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isLowSurrogate(c)) {
                return false;
            }
            if (Character.isHighSurrogate(c)) {
                if (i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    private static String shown(JsonNode value) {
        if (value == null || value.isNull() || value.isMissingNode()) {
            return "None";
        }
        if (value.isBoolean()) {
            return value.booleanValue() ? "True" : "False";
        }
        return value.isTextual() ? value.textValue() : value.toString();
    }

    private static String cut(String text) {
        return text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "..." : text;
    }
}
