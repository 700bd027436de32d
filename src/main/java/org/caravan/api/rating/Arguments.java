package org.caravan.api.rating;

import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.caravan.api.http.Request;

/** The query arguments of a route of v1: what the route does not know is refused. */
final class Arguments {
    private static final Set<String> YES = Set.of("true", "t", "yes", "y", "on", "1");
    private static final Set<String> NO = Set.of("false", "f", "no", "n", "off", "0");

    private final Request request;

    private Arguments(Request request) {
        this.request = request;
    }

    /** @throws org.caravan.api.http.ApiError 400 if there is one beside these */
    static Arguments of(Request request, String... known) {
        Set<String> names = Set.of(known);
        for (String name : request.query().keySet()) {
            if (!names.contains(name)) {
                throw Invalid.unknownArgument(name);
            }
        }
        return new Arguments(request);
    }

    /** The argument, or null. */
    String text(String name) {
        return Invalid.storable(name, request.argument(name));
    }

    /** False where it is not given. */
    boolean flag(String name) {
        return flag(name, false);
    }

    boolean flag(String name, boolean otherwise) {
        String text = request.argument(name);
        return text == null ? otherwise : bool(name, text);
    }

    /** A moment, or null; a day alone means its beginning. */
    Instant start(String name) {
        return time(name, Dates::start);
    }

    /** A moment, or null; a day alone means its last second. */
    Instant end(String name) {
        return time(name, Dates::end);
    }

    static boolean bool(String name, String text) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        if (YES.contains(word)) {
            return true;
        }
        if (NO.contains(word)) {
            return false;
        }
        throw Invalid.input(name, text, "Value should be true or false.");
    }

    private Instant time(String name, Function<String, Instant> reader) {
        String text = request.argument(name);
        try {
            return text == null ? null : reader.apply(text);
        } catch (IllegalArgumentException e) {
            throw Invalid.input(name, text, "Value should be a time such as 2026-01-01T00:00:00.");
        }
    }
}
