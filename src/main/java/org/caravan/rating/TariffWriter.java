package org.caravan.rating;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.caravan.rating.hashmap.Mapping;
import org.caravan.rating.hashmap.RuleSet;
import org.caravan.rating.hashmap.RuleType;
import org.caravan.rating.hashmap.Threshold;

/** Writes rules as a tariff file, which {@link TariffFile} reads back to equal rules. */
public final class TariffWriter {
    /** What needs no quotes, wherever it stands. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9_./-]*");
    /** Looks plain, and some reader takes it for something else. */
    private static final Pattern RESERVED = Pattern.compile("(?i)null|true|false|yes|no|on|off|y|n");
    /** YAML allows a key on the line of its value up to 1024 characters; longer ones are announced by a question mark. */
    private static final int MAX_SIMPLE_KEY = 200;

    private final StringBuilder out = new StringBuilder();
    private final Map<List<String>, List<Mapping>> mappings = new HashMap<>();
    private final Map<List<String>, List<Threshold>> thresholds = new HashMap<>();

    private TariffWriter() {}

    /**
     * Writes the rules; deleted ones are left out.
     *
     * @param currency ISO 4217 code of every cost
     * @param comment lines for people at the top
     */
    public static String write(RuleSet rules, String currency, List<String> comment) {
        return new TariffWriter().all(rules, currency, comment);
    }

    private String all(RuleSet rules, String currency, List<String> comment) {
        rules.mappings().stream().filter(rule -> !rule.deleted()).forEach(rule -> mappings.computeIfAbsent(
                        parent(rule.service(), rule.field()), p -> new ArrayList<>())
                .add(rule));
        rules.thresholds().forEach(rule -> thresholds
                .computeIfAbsent(parent(rule.service(), rule.field()), p -> new ArrayList<>())
                .add(rule));
        comment.forEach(line -> out.append("# ").append(line).append('\n'));
        out.append("currency: ").append(text(currency)).append('\n');
        List<String> groups = rules.groups().stream()
                .filter(group -> !group.deleted())
                .map(group -> text(group.name()))
                .toList();
        if (!groups.isEmpty()) {
            out.append("groups: [").append(String.join(", ", groups)).append("]\n");
        }
        if (rules.services().isEmpty()) {
            return out.append("services: {}\n").toString();
        }
        out.append("services:\n");
        for (RuleSet.Service service : rules.services()) {
            boolean bare = service.fields().isEmpty() && isBare(parent(service.name(), null));
            key("  ", service.name(), bare);
            rules("    ", parent(service.name(), null));
            if (!service.fields().isEmpty()) {
                out.append("    fields:\n");
                for (String field : service.fields()) {
                    List<String> parent = parent(service.name(), field);
                    key("      ", field, isBare(parent));
                    rules("        ", parent);
                }
            }
        }
        return out.toString();
    }

    private boolean isBare(List<String> parent) {
        return !mappings.containsKey(parent) && !thresholds.containsKey(parent);
    }

    private void key(String indent, String name, boolean bare) {
        String key = text(name);
        out.append(indent);
        if (key.length() > MAX_SIMPLE_KEY) {
            out.append("? ").append(key).append('\n').append(indent).append(':');
        } else {
            out.append(key).append(':');
        }
        out.append(bare ? " {}\n" : "\n");
    }

    private void rules(String indent, List<String> parent) {
        if (mappings.containsKey(parent)) {
            out.append(indent).append("mappings:\n");
            for (Mapping rule : mappings.get(parent)) {
                out.append(indent).append("  - {");
                if (rule.value() != null) {
                    out.append("value: ").append(text(rule.value())).append(", ");
                }
                price(rule.type(), rule.cost(), rule.group(), rule.tenant());
                time("start", rule.start());
                time("end", rule.end());
                out.append("}\n");
            }
        }
        if (thresholds.containsKey(parent)) {
            out.append(indent).append("thresholds:\n");
            for (Threshold rule : thresholds.get(parent)) {
                out.append(indent).append("  - {level: ").append(decimal(rule.level()));
                out.append(", ");
                price(rule.type(), rule.cost(), rule.group(), rule.tenant());
                out.append("}\n");
            }
        }
    }

    private void price(RuleType type, BigDecimal cost, String group, String tenant) {
        out.append("type: ").append(type.word()).append(", cost: ").append(decimal(cost));
        if (group != null) {
            out.append(", group: ").append(text(group));
        }
        if (tenant != null) {
            out.append(", tenant: ").append(text(tenant));
        }
    }

    private void time(String key, Instant time) {
        if (time != null) {
            out.append(", ").append(key).append(": \"").append(time).append('"');
        }
    }

    private static String decimal(BigDecimal value) {
        return '"' + value.toPlainString() + '"';
    }

    private static String text(String text) {
        if (PLAIN.matcher(text).matches() && !RESERVED.matcher(text).matches()) {
            return text;
        }
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
            } else if (c >= ' ' && c <= '~' || Character.isLetterOrDigit(c)) {
                quoted.appendCodePoint(c);
            } else if (c > Character.MAX_VALUE) {
                quoted.append(String.format("\\U%08x", c));
            } else {
                quoted.append(String.format("\\u%04x", c));
            }
        });
        return quoted.append('"').toString();
    }

    private static List<String> parent(String service, String field) {
        return field == null ? List.of(service) : List.of(service, field);
    }
}
