package org.caravan.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;

/**
 * What a product costs: a list of rules that add up, in the one form in which they are kept. A rule is {@code fixed} (a price
 * per billing period), {@code volume} (tiers of the period's amount) or {@code time} (tiers of the time of day); tiers are
 * half-open, in order, and do not overlap. Decimals are texts.
 */
public final class Pricing {
    static final int PRICE_PLACES = 12;
    private static final int MAX_RULES = 100;
    private static final Set<String> KNOWN = Set.of("type", "price", "tiers", "pricing", "ranges", "mode");

    private Pricing() {}

    /**
     * Takes the older form, in which a product or item itself has {@code type} and {@code price}, or {@code ranges}, into the
     * attribute {@code pricing}.
     */
    static void fold(ObjectNode body) {
        boolean list = body.path("pricing").isArray() && body.get("pricing").findValue("type") != null;
        if (list || !body.path("type").isTextual()) {
            return;
        }
        ObjectNode rule = JsonNodeFactory.instance.objectNode();
        for (String name : KNOWN) {
            if (body.has(name)) {
                rule.set(name, body.remove(name));
            }
        }
        body.putArray("pricing").add(rule);
    }

    /**
     * Rules in the form in which they are kept.
     *
     * @param sent a list of rules, or one
     * @throws IllegalArgumentException saying what is wrong where
     */
    public static ArrayNode normal(JsonNode sent) {
        ArrayNode rules = JsonNodeFactory.instance.arrayNode();
        if (sent.isObject()) {
            rules.add(rule(sent, "rule 1: "));
            return rules;
        }
        if (!sent.isArray() || sent.size() > MAX_RULES) {
            throw new IllegalArgumentException("must be a list of at most " + MAX_RULES + " rules, each with a type");
        }
        for (int i = 0; i < sent.size(); i++) {
            rules.add(rule(sent.get(i), "rule " + (i + 1) + ": "));
        }
        return rules;
    }

    /** True if some rule prices by the time of day. */
    static boolean isByTime(JsonNode rules) {
        for (JsonNode rule : rules) {
            if (rule.path("type").asText().equals("time")) {
                return true;
            }
        }
        return false;
    }

    private static ObjectNode rule(JsonNode sent, String where) {
        String type = sent.path("type").asText("").toLowerCase(Locale.ROOT);
        if (!Set.of("fixed", "volume", "time").contains(type)) {
            throw new IllegalArgumentException(where + "type must be fixed, volume or time");
        }
        for (Iterator<String> names = sent.fieldNames(); names.hasNext(); ) {
            if (!KNOWN.contains(names.next())) {
                throw new IllegalArgumentException(where + "has type, price, tiers and mode, and nothing else");
            }
        }
        ObjectNode rule = JsonNodeFactory.instance.objectNode().put("type", type);
        JsonNode tiers = tiers(sent, where);
        if (type.equals("fixed")) {
            if (tiers != null || sent.has("mode")) {
                throw new IllegalArgumentException(where + "a fixed price has no tiers and no mode");
            }
            return rule.put("price", price(sent.get("price"), where));
        }
        mode(sent, type, rule, where);
        if (tiers == null) {
            // one price, whatever the amount or the time
            tiers = JsonNodeFactory.instance.arrayNode().add(JsonNodeFactory.instance.objectNode());
            ((ObjectNode) tiers.get(0)).set("price", sent.get("price"));
        } else if (sent.hasNonNull("price")) {
            throw new IllegalArgumentException(where + "has either a price or tiers");
        }
        rule.set("tiers", type.equals("time") ? TimeTiers.normal(tiers, where) : VolumeTiers.normal(tiers, where));
        return rule;
    }

    private static JsonNode tiers(JsonNode sent, String where) {
        JsonNode tiers = null;
        for (String name : new String[] {"tiers", "pricing", "ranges"}) {
            if (sent.hasNonNull(name)) {
                if (tiers != null) {
                    throw new IllegalArgumentException(where + "has its tiers twice");
                }
                tiers = sent.get(name);
            }
        }
        return tiers;
    }

    private static void mode(JsonNode sent, String type, ObjectNode rule, String where) {
        String mode = sent.path("mode").asText("volume");
        if (!mode.equals("volume") && !(mode.equals("graduated") && type.equals("volume"))) {
            throw new IllegalArgumentException(where + "mode must be volume or graduated, the latter for volume alone");
        }
        if (mode.equals("graduated")) {
            rule.put("mode", mode);
        }
    }

    /** A price that is not negative, as a text. */
    static String price(JsonNode value, String where) {
        return positive(value, PRICE_PLACES, where + "price ");
    }

    /** A decimal that is not negative, as a text. */
    static String positive(JsonNode value, int places, String what) {
        if (value == null || value.isNull()) {
            throw new IllegalArgumentException(what + "is needed");
        }
        java.math.BigDecimal decimal;
        try {
            decimal = EntryReader.decimal(value, places);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + e.getMessage(), e);
        }
        if (decimal.signum() < 0) {
            throw new IllegalArgumentException(what + "must not be negative");
        }
        return decimal.toPlainString();
    }
}
