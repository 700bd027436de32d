package org.caravan.api.rating;

import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Request;

/** The query arguments of a report's request, read and checked as v1 does. */
final class V1Arguments {
    private static final Set<String> TRUE = Set.of("true", "on", "1", "yes", "t", "y");
    private static final Set<String> FALSE = Set.of("false", "off", "0", "no", "f", "n");

    private final Request request;

    /** @throws ApiError if there is an argument that is not among these */
    V1Arguments(Request request, String... known) {
        this.request = request;
        Set<String> names = Set.of(known);
        for (String name : request.query().keySet()) {
            if (!names.contains(name)) {
                throw new ApiError(400, "Unknown argument: \"" + name + "\"");
            }
        }
    }

    private static ApiError invalid(String name, String value, String reason) {
        return new ApiError(400, "Invalid input for field/attribute " + name + ". Value: '" + value + "'. " + reason);
    }

    /** A text; null without or where it is empty. */
    String text(String name) {
        String value = request.argument(name);
        return value == null || value.isEmpty() ? null : value;
    }

    Instant time(String name, Instant otherwise) {
        String text = text(name);
        if (text == null) {
            return otherwise;
        }
        Instant time = RatingTime.read(text);
        if (time == null) {
            throw invalid(name, text, "Value is no date and time in ISO 8601");
        }
        return time;
    }

    boolean flag(String name) {
        String text = text(name);
        if (text == null) {
            return false;
        }
        String word = text.strip().toLowerCase(Locale.ROOT);
        if (!TRUE.contains(word) && !FALSE.contains(word)) {
            throw invalid(name, text, "Value is no boolean");
        }
        return TRUE.contains(word);
    }

    /** Words with commas between them. */
    Set<String> words(String name, Set<String> known) {
        Set<String> found = new java.util.LinkedHashSet<>();
        for (String value : request.arguments(name)) {
            for (String word : value.split(",")) {
                if (word.isBlank()) {
                    continue;
                }
                if (!known.contains(word.strip())) {
                    throw invalid(
                            name,
                            value,
                            "Value should be one of: " + String.join(", ", new java.util.TreeSet<>(known)));
                }
                found.add(word.strip());
            }
        }
        return found;
    }
}
