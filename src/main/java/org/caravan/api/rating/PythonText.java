package org.caravan.api.rating;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Values as Python prints them: the contract's error texts quote what was sent so. */
final class PythonText {
    /** Longer texts are cut: an error is no mirror. */
    private static final int MAX_LENGTH = 1_000;

    private PythonText() {}

    static String of(JsonNode node) {
        StringBuilder text = new StringBuilder();
        append(text, node);
        return bounded(text);
    }

    /** Query arguments, each a list of its values. */
    static String of(Map<String, List<String>> arguments) {
        StringBuilder text = new StringBuilder("{");
        arguments.forEach((name, values) -> {
            if (text.length() > MAX_LENGTH) {
                return;
            }
            text.append(text.length() == 1 ? "" : ", ").append(quoted(name)).append(": [");
            text.append(String.join(
                            ", ", values.stream().map(PythonText::quoted).toList()))
                    .append("]");
        });
        return bounded(text.append("}"));
    }

    static String quoted(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder quoted = new StringBuilder().append(quote);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c == quote) {
                        quoted.append('\\').append(c);
                    } else if (c < ' ' || c >= 0x7f && c < 0xa1) {
                        quoted.append(String.format("\\x%02x", (int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append(quote).toString();
    }

    private static void append(StringBuilder text, JsonNode node) {
        if (text.length() > MAX_LENGTH) {
            return;
        }
        if (node.isObject()) {
            text.append('{');
            for (Iterator<Map.Entry<String, JsonNode>> fields = node.fields(); fields.hasNext(); ) {
                Map.Entry<String, JsonNode> field = fields.next();
                text.append(quoted(field.getKey())).append(": ");
                append(text, field.getValue());
                text.append(fields.hasNext() ? ", " : "");
            }
            text.append('}');
        } else if (node.isArray()) {
            text.append('[');
            for (int i = 0; i < node.size(); i++) {
                text.append(i == 0 ? "" : ", ");
                append(text, node.get(i));
            }
            text.append(']');
        } else if (node.isTextual()) {
            text.append(quoted(node.textValue()));
        } else if (node.isBoolean()) {
            text.append(node.booleanValue() ? "True" : "False");
        } else if (node.isNull() || node.isMissingNode()) {
            text.append("None");
        } else {
            text.append(node.asText());
        }
    }

    private static String bounded(StringBuilder text) {
        return text.length() <= MAX_LENGTH ? text.toString() : text.substring(0, MAX_LENGTH) + "...";
    }
}
