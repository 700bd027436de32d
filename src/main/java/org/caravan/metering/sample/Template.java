package org.caravan.metering.sample;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with one value in it: {@code {value}} as it is, {@code {md5}} its MD5 in hexadecimal digits, {@code {tail}} what
 * stands behind its first slash. {@code {resource}} is another word for {@code {value}}.
 */
final class Template {
    static final Template SAME = new Template("{value}");

    private static final Pattern PLACE = Pattern.compile("\\{([^{}]*)}");
    private static final List<String> PLACES = List.of("value", "resource", "md5", "tail");

    private final String text;

    private Template(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException if it has no place for a value, or an unknown one */
    static Template parse(String text) {
        Matcher place = PLACE.matcher(text);
        boolean any = false;
        while (place.find()) {
            any = true;
            if (!PLACES.contains(place.group(1))) {
                throw new IllegalArgumentException(
                        "'" + text + "': unknown place {" + place.group(1) + "}; there are {value}, {md5} and {tail}");
            }
        }
        if (!any) {
            throw new IllegalArgumentException("'" + text + "' has no place such as {value} for what differs");
        }
        return new Template(text);
    }

    String fill(String value) {
        return PLACE.matcher(text)
                .replaceAll(place -> Matcher.quoteReplacement(
                        switch (place.group(1)) {
                            case "md5" -> md5(value);
                            case "tail" -> value.substring(value.indexOf('/') + 1);
                            default -> value;
                        }));
    }

    /** Only a shorter name for a long one. */
    private static String md5(String value) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(value.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
