package org.caravan.hub.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Secrets that stand in an address: as its user information, or as one of its arguments. */
final class InUrl {
    private static final Pattern USER = Pattern.compile("(://[^/@:\\s]*:)([^/@\\s]+)@");
    private static final Pattern ARGUMENT =
            Pattern.compile("(?i)([?&;][a-z_-]*(?:password|secret|token|key)=)([^&;\\s]+)");

    private InUrl() {}

    /** Those of a text, as they stand there and decoded; empty if it has none. */
    static List<String> secrets(String text) {
        List<String> secrets = new ArrayList<>();
        for (Pattern pattern : List.of(USER, ARGUMENT)) {
            for (Matcher found = pattern.matcher(text); found.find(); ) {
                secrets.add(found.group(2));
                try {
                    secrets.add(URLDecoder.decode(found.group(2), StandardCharsets.UTF_8));
                } catch (IllegalArgumentException e) {
                    // not encoded
                    continue;
                }
            }
        }
        return secrets;
    }

    /** The text with each of them as three asterisks. */
    static String masked(String text) {
        String masked = USER.matcher(text).replaceAll("$1***@");
        return ARGUMENT.matcher(masked).replaceAll("$1***");
    }
}
