package org.caravan.subscription.pricing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.caravan.common.Decimals;
import org.caravan.metering.Bands;

/**
 * Rules as the contract writes them, a list of objects with a {@code type}; decimals as texts, also numbers accepted. The
 * prototype's {@code pricing: [{start, end, price}]} in the place of {@code tiers} is read, too.
 */
public final class PriceRulesJson {
    /** Most rules of a product, and tiers of a rule. */
    public static final int MAX = 1_000;

    private PriceRulesJson() {}

    /**
     * Reads rules; null and a missing node are none.
     *
     * @throws IllegalArgumentException saying where and what is expected
     */
    public static PriceRules read(JsonNode list) {
        if (list == null || list.isNull() || list.isMissingNode()) {
            return PriceRules.NONE;
        }
        List<BigDecimal> fixed = new ArrayList<>();
        List<VolumeRule> volumes = new ArrayList<>();
        List<TimeRule> times = new ArrayList<>();
        List<JsonNode> rules = items(list, "pricing");
        for (int i = 0; i < rules.size(); i++) {
            JsonNode rule = rules.get(i);
            String at = "pricing[" + i + "]";
            switch (rule.path("type").asText("")) {
                case "fixed" -> fixed.add(price(rule, at));
                case "volume" -> volumes.add(volume(rule, at));
                case "time" -> times.add(time(rule, at));
                default -> throw new IllegalArgumentException(at + ".type: expected fixed, volume or time");
            }
        }
        return new PriceRules(fixed, volumes, times);
    }

    private static VolumeRule volume(JsonNode rule, String at) {
        String mode = rule.path("mode").asText("volume");
        if (!mode.equals("volume") && !mode.equals("graduated")) {
            throw new IllegalArgumentException(at + ".mode: expected volume or graduated");
        }
        List<Tier> tiers = new ArrayList<>();
        List<JsonNode> nodes = tiers(rule, at);
        for (int i = 0; i < nodes.size(); i++) {
            JsonNode node = nodes.get(i);
            String place = at + ".tiers[" + i + "]";
            Tier tier = new Tier(
                    open(node, node.has("from") ? "from" : "start", place),
                    open(node, node.has("to") ? "to" : "end", place),
                    price(node, place));
            if (tier.from() != null && tier.to() != null && tier.from().compareTo(tier.to()) >= 0) {
                throw new IllegalArgumentException(place + ": 'from' must be below 'to'");
            }
            if (tiers.stream().anyMatch(tier::overlaps)) {
                throw new IllegalArgumentException(place + ": overlaps another tier");
            }
            tiers.add(tier);
        }
        return new VolumeRule(mode.equals("graduated"), tiers);
    }

    private static TimeRule time(JsonNode rule, String at) {
        List<TimeRule.Span> spans = new ArrayList<>();
        List<JsonNode> nodes = tiers(rule, at);
        for (int i = 0; i < nodes.size(); i++) {
            JsonNode node = nodes.get(i);
            String place = at + ".tiers[" + i + "]";
            spans.add(new TimeRule.Span(minute(node, "start", place), minute(node, "end", place), price(node, place)));
        }
        TimeRule read = new TimeRule(spans);
        if (read.overlaps()) {
            throw new IllegalArgumentException(at + ".tiers: two of them hold one time of the day");
        }
        return read;
    }

    private static List<JsonNode> tiers(JsonNode rule, String at) {
        JsonNode tiers = rule.has("tiers") ? rule.get("tiers") : rule.get("pricing");
        List<JsonNode> items = tiers == null ? List.of() : items(tiers, at + ".tiers");
        if (items.isEmpty()) {
            throw new IllegalArgumentException(at + ".tiers: expected at least one");
        }
        return items;
    }

    private static List<JsonNode> items(JsonNode list, String at) {
        if (!list.isArray() || list.size() > MAX) {
            throw new IllegalArgumentException(at + ": expected a list of at most " + MAX);
        }
        List<JsonNode> items = new ArrayList<>();
        list.forEach(items::add);
        return items;
    }

    private static BigDecimal open(JsonNode node, String key, String at) {
        JsonNode value = node.get(key);
        return value == null || value.isNull() ? null : decimal(value, at + "." + key);
    }

    private static BigDecimal price(JsonNode node, String at) {
        JsonNode value = node.get("price");
        if (value == null || value.isNull()) {
            throw new IllegalArgumentException(at + ".price: is missing");
        }
        return decimal(value, at + ".price");
    }

    private static BigDecimal decimal(JsonNode value, String at) {
        if (value.isTextual() || value.isNumber()) {
            try {
                return Decimals.parse(value.asText());
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(at + ": '" + value.asText() + "' is no decimal number", e);
            }
        }
        throw new IllegalArgumentException(at + ": expected a decimal number as text, such as \"0.05\"");
    }

    private static int minute(JsonNode node, String key, String at) {
        String text = node.path(key).asText("");
        try {
            return text.equals("24:00") ? 24 * 60 : Bands.minute(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(at + "." + key + ": " + e.getMessage(), e);
        }
    }

    /** The rules as the contract writes them. */
    public static ArrayNode write(PriceRules rules) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        rules.fixed().forEach(price -> list.addObject().put("type", "fixed").put("price", Decimals.plain(price)));
        for (VolumeRule rule : rules.volumes()) {
            ObjectNode node = list.addObject();
            node.put("type", "volume").put("mode", rule.graduated() ? "graduated" : "volume");
            ArrayNode tiers = node.putArray("tiers");
            rule.tiers().forEach(tier -> tiers.addObject()
                    .put("from", tier.from() == null ? null : Decimals.plain(tier.from()))
                    .put("to", tier.to() == null ? null : Decimals.plain(tier.to()))
                    .put("price", Decimals.plain(tier.price())));
        }
        for (TimeRule rule : rules.times()) {
            ArrayNode tiers = list.addObject().put("type", "time").putArray("tiers");
            rule.spans().forEach(span -> tiers.addObject()
                    .put("start", clock(span.start()))
                    .put("end", clock(span.end()))
                    .put("price", Decimals.plain(span.price())));
        }
        return list;
    }

    private static String clock(int minute) {
        return String.format(java.util.Locale.ROOT, "%02d:%02d", minute / 60, minute % 60);
    }
}
