package org.caravan.metering.sample;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** JSON values as Python's {@code str} and {@code repr} write them: what Ceilometer signs is such text. */
final class PythonText {
    /** By code points, as Python compares texts; Java's own order differs beyond the 16-bit ones. */
    static final Comparator<String> ORDER = (a, b) -> {
        int[] left = a.codePoints().toArray();
        int[] right = b.codePoints().toArray();
        return java.util.Arrays.compare(left, right);
    };

    /** From this power of ten on, and below that one, Python writes a number with an exponent. */
    private static final int LARGE = 16;

    private static final int SMALL = -4;

    private PythonText() {}

    /** How a text within a list is written. */
    enum Texts {
        /** {@code 'a'} */
        PLAIN,
        /** {@code b'a'} */
        BYTES
    }

    /** A plain value as {@code str} writes it: a text as it is. */
    static String str(JsonNode value) {
        return value.isTextual() ? value.textValue() : repr(value, Texts.PLAIN);
    }

    static String repr(JsonNode value, Texts texts) {
        if (value.isArray()) {
            StringJoiner list = new StringJoiner(", ", "[", "]");
            value.forEach(element -> list.add(repr(element, texts)));
            return list.toString();
        }
        if (value.isObject()) {
            Map<String, JsonNode> sorted = new TreeMap<>(ORDER);
            value.fields().forEachRemaining(field -> sorted.put(field.getKey(), field.getValue()));
            StringJoiner object = new StringJoiner(", ", "{", "}");
            sorted.forEach((name, inner) -> object.add(quoted(name, texts) + ": " + repr(inner, texts)));
            return object.toString();
        }
        if (value.isTextual()) {
            return quoted(value.textValue(), texts);
        }
        if (value.isBoolean()) {
            return value.booleanValue() ? "True" : "False";
        }
        if (value.isNull()) {
            return "None";
        }
        return value.isIntegralNumber() ? value.bigIntegerValue().toString() : number(value.decimalValue());
    }

    /** A number with fraction or exponent. Its digits are the shortest already, as Python wrote them. */
    static String number(BigDecimal value) {
        if (value.signum() == 0) {
            return "0.0";
        }
        BigDecimal shortest = value.stripTrailingZeros();
        int power = shortest.precision() - shortest.scale() - 1;
        if (power >= SMALL && power < LARGE) {
            String plain = shortest.toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }
        String digits = shortest.unscaledValue().abs().toString();
        String exponent = Integer.toString(Math.abs(power));
        return (shortest.signum() < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + (power < 0 ? "e-" : "e+")
                + (exponent.length() < 2 ? "0" + exponent : exponent);
    }

    private static String quoted(String text, Texts texts) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder quoted = new StringBuilder();
        if (texts == Texts.BYTES) {
            quoted.append('b').append(quote);
            for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
                append(quoted, one & 0xff, quote, (one & 0x80) == 0 && isPrintable(one));
            }
        } else {
            quoted.append(quote);
            text.codePoints().forEach(one -> append(quoted, one, quote, isPrintable(one)));
        }
        return quoted.append(quote).toString();
    }

    private static void append(StringBuilder text, int one, char quote, boolean printable) {
        switch (one) {
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            case '\\' -> text.append("\\\\");
            default -> {
                if (one == quote) {
                    text.append('\\').append(quote);
                } else if (printable) {
                    text.appendCodePoint(one);
                } else if (one <= 0xff) {
                    text.append(String.format("\\x%02x", one));
                } else if (one <= 0xffff) {
                    text.append(String.format("\\u%04x", one));
                } else {
                    text.append(String.format("\\U%08x", one));
                }
            }
        }
    }

    private static boolean isPrintable(int one) {
        return switch (Character.getType(one)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> one == ' ';
            default -> true;
        };
    }
}
