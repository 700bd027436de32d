package org.caravan.api.rating;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Request;

/** The query arguments of a request, read and checked as v2 does. */
final class V2Arguments {
    private static final long DEFAULT_LIMIT = 100;

    private final Request request;

    /** @throws ApiError if there is an argument that is not among these */
    V2Arguments(Request request, String... known) {
        this.request = request;
        Set<String> names = Set.of(known);
        for (String name : request.query().keySet()) {
            if (!names.contains(name)) {
                throw invalid(name, "extra keys not allowed");
            }
        }
    }

    ApiError invalid(String name, String reason) {
        return V2Invalid.argument(request, name, reason);
    }

    /** A value that may be given once; null without. */
    String single(String name) {
        List<String> values = request.arguments(name);
        if (values.size() > 1) {
            throw invalid(name, "length of value must be 1");
        }
        return values.isEmpty() ? null : values.get(0);
    }

    /** Values given several times or with commas between them, each once; empty ones say nothing. */
    Set<String> many(String name) {
        Set<String> found = new LinkedHashSet<>();
        for (String value : request.arguments(name)) {
            for (String part : value.split(",")) {
                if (!part.isBlank()) {
                    found.add(part.strip());
                }
            }
        }
        return found;
    }

    /** Pairs of key and value, given several times or with commas between them. */
    Map<String, List<String>> pairs(String name, boolean oneValuePerKey) {
        Map<String, List<String>> found = new LinkedHashMap<>();
        for (String value : request.arguments(name)) {
            for (String token : value.split(",")) {
                int colon = token.indexOf(':');
                if (colon <= 0) {
                    throw invalid(name, "invalid key:value association " + token);
                }
                List<String> values = found.computeIfAbsent(token.substring(0, colon), key -> new ArrayList<>());
                if (oneValuePerKey && !values.isEmpty()) {
                    throw invalid(name, "key " + token.substring(0, colon) + " already provided");
                }
                values.add(token.substring(colon + 1));
            }
        }
        return found;
    }

    Instant time(String name, Instant otherwise) {
        String text = single(name);
        if (text == null) {
            return otherwise;
        }
        try {
            return Dates.start(text);
        } catch (IllegalArgumentException e) {
            throw invalid(name, "expected a date and time in ISO 8601");
        }
    }

    long offset() {
        return number("offset", 0, 0, Long.MAX_VALUE);
    }

    int limit() {
        return (int) number("limit", DEFAULT_LIMIT, 1, Integer.MAX_VALUE);
    }

    private long number(String name, long otherwise, long least, long most) {
        String text = single(name);
        if (text == null) {
            return otherwise;
        }
        long value;
        try {
            value = Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw invalid(name, "expected int");
        }
        if (value < least) {
            throw invalid(name, "value must be at least " + least);
        }
        if (value > most) {
            throw invalid(name, "value must be at most " + most);
        }
        return value;
    }
}
