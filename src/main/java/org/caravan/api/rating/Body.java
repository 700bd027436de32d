package org.caravan.api.rating;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Request;
import org.caravan.common.Decimals;
import org.caravan.rating.hashmap.RuleType;

/** The JSON object that a route of v1 takes: an attribute that it does not have is refused. */
final class Body {
    private static final BigDecimal MOST = BigDecimal.TEN.pow(12);
    private static final Pattern UUID_TEXT = Pattern.compile("(?:urn:uuid:)?\\{?([0-9a-fA-F]{8})-?([0-9a-fA-F]{4})-?"
            + "([0-9a-fA-F]{4})-?([0-9a-fA-F]{4})-?([0-9a-fA-F]{12})}?");

    private final JsonNode object;

    private Body(JsonNode object) {
        this.object = object;
    }

    /**
     * The body of a request that must have one.
     *
     * @param argument what v1 calls it
     * @param attributes what it may hold
     */
    static Body of(Request request, String argument, Set<String> attributes) {
        JsonNode body = request.json();
        if (body.isMissingNode() || body.isNull()) {
            throw Invalid.missingArgument(argument);
        }
        if (!body.isObject()) {
            throw Invalid.input(argument, body, "Value should be an object.");
        }
        List<String> unknown = new ArrayList<>();
        body.fieldNames().forEachRemaining(name -> {
            if (!attributes.contains(name)) {
                unknown.add(name);
            }
        });
        if (!unknown.isEmpty()) {
            throw new ApiError(
                    400,
                    "Unknown attribute" + (unknown.size() > 1 ? "s" : "") + " for argument " + argument + ": "
                            + String.join(", ", unknown));
        }
        return new Body(body);
    }

    /** The attribute as it was sent; null where it is absent or null. */
    JsonNode node(String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    /** True if the attribute is there, be it null. */
    boolean isSent(String name) {
        return object.has(name);
    }

    /** The attribute as it was sent; 400 without one. */
    JsonNode needed(String name) {
        JsonNode value = node(name);
        if (value == null) {
            throw Invalid.missing(name);
        }
        return value;
    }

    /** A text that must be there. */
    String neededText(String name, int longest) {
        needed(name);
        String text = text(name, longest);
        if (text.isEmpty()) {
            throw Invalid.input(name, text, "Value should have a minimum character requirement of 1");
        }
        return text;
    }

    /** A text, or null. */
    String text(String name, int longest) {
        JsonNode value = node(name);
        if (value == null) {
            return null;
        }
        if (!value.isTextual()) {
            throw Invalid.input(name, value, "Wrong type. Expected text.");
        }
        String text = Invalid.storable(name, value.textValue());
        if (text.codePointCount(0, text.length()) > longest) {
            throw Invalid.input(name, text, "Value should have a maximum character requirement of " + longest);
        }
        return text;
    }

    /** A text, or null where there is none or an empty one. */
    String textOrNull(String name, int longest) {
        String text = text(name, longest);
        return text == null || text.isEmpty() ? null : text;
    }

    /** An id as the ledger writes it, or null. */
    String uuid(String name) {
        JsonNode value = node(name);
        if (value == null) {
            return null;
        }
        var found = UUID_TEXT.matcher(value.isTextual() ? value.textValue() : "");
        if (!found.matches()) {
            throw Invalid.input(
                    name,
                    value,
                    "Invalid UUID, got '" + (value.isTextual() ? value.textValue() : value.toString()) + "'");
        }
        return UUID.fromString(found.replaceFirst("$1-$2-$3-$4-$5")).toString();
    }

    /** The type of a rule, or null. */
    RuleType type(String name) {
        JsonNode value = node(name);
        if (value == null) {
            return null;
        }
        String word = value.isTextual() ? value.textValue() : "";
        if (!word.equals("flat") && !word.equals("rate")) {
            throw Invalid.input(name, value, "Value should be one of: flat, rate");
        }
        return RuleType.of(word);
    }

    /**
     * A number that must be there, exactly as it was written, as a number or as a text.
     *
     * @param places most digits after the point
     */
    BigDecimal decimal(String name, int places) {
        JsonNode value = needed(name);
        BigDecimal number;
        try {
            if (!value.isNumber() && !value.isTextual()) {
                throw new NumberFormatException("neither number nor text");
            }
            number = Decimals.parse(
                    value.isNumber()
                            ? value.decimalValue().toString()
                            : value.textValue().strip());
        } catch (NumberFormatException e) {
            throw Invalid.input(name, value, "Value should be a decimal number.");
        }
        if (number.abs().compareTo(MOST) >= 0 || number.stripTrailingZeros().scale() > places) {
            throw Invalid.input(
                    name, value, "Value should have at most 12 digits before and " + places + " after the point.");
        }
        return number;
    }

    /** True, false or null. */
    Boolean bool(String name) {
        JsonNode value = node(name);
        if (value == null) {
            return null;
        }
        if (!value.isBoolean() && !value.isTextual()) {
            throw Invalid.input(name, value, "Value should be true or false.");
        }
        return value.isBoolean() ? value.booleanValue() : Arguments.bool(name, value.textValue());
    }

    /** A whole number of 32 bits, at least 1, or null. */
    Integer positive(String name) {
        JsonNode value = node(name);
        if (value == null) {
            return null;
        }
        int number;
        try {
            number = value.isIntegralNumber() && value.canConvertToInt()
                    ? value.intValue()
                    : Integer.parseInt(value.isTextual() ? value.textValue().strip() : "");
        } catch (NumberFormatException e) {
            throw Invalid.input(name, value, "Value should be a whole number.");
        }
        if (number < 1) {
            throw Invalid.input(name, value, "Value should be greater or equal to 1");
        }
        return number;
    }

    /** A moment, or null; a day alone means its beginning. */
    Instant start(String name) {
        return time(name, Dates::start);
    }

    /** A moment, or null; a day alone means its last second. */
    Instant end(String name) {
        return time(name, Dates::end);
    }

    private Instant time(String name, Function<String, Instant> reader) {
        JsonNode value = node(name);
        if (value == null) {
            return null;
        }
        try {
            return reader.apply(value.isTextual() ? value.textValue() : "");
        } catch (IllegalArgumentException e) {
            throw Invalid.input(name, value, "Value should be a time such as 2026-01-01T00:00:00.");
        }
    }
}
