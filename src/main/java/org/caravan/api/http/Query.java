package org.caravan.api.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The arguments behind a path's question mark. */
final class Query {
    private static final int MAX_ARGUMENTS = 1_000;

    private Query() {}

    /**
     * Reads them in their order; a plus is a blank.
     *
     * @param query without the question mark; null for none
     * @throws ApiError 400 if it is not well-formed
     */
    static Map<String, List<String>> read(String query) {
        Map<String, List<String>> arguments = new LinkedHashMap<>();
        if (query == null || query.isEmpty()) {
            return arguments;
        }
        String[] pairs = query.split("&");
        if (pairs.length > MAX_ARGUMENTS) {
            throw new ApiError(400, "More than " + MAX_ARGUMENTS + " query arguments.");
        }
        for (String pair : pairs) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            arguments.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
        }
        return arguments;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ApiError(400, "The query is not well-formed: " + e.getMessage(), e);
        }
    }
}
