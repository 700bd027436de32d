package org.caravan.rating;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Currency;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.caravan.common.ConfigNode;
import org.caravan.common.Nearest;
import org.caravan.rating.hashmap.Mapping;
import org.caravan.rating.hashmap.RuleSet;
import org.caravan.rating.hashmap.RuleType;
import org.caravan.rating.hashmap.Threshold;

/**
 * A tariff as people write it, in YAML or JSON.
 *
 * <pre>{@code
 * currency: NZD
 * groups: [compute]
 * services:
 *   instance:
 *     mappings:   [{type: flat, cost: "0.01", group: compute}]
 *     thresholds: [{level: "100", type: rate, cost: "0.9"}]
 *     fields:
 *       flavor:
 *         mappings: [{value: m1.small, type: flat, cost: "0.048", group: compute, start: 2026-01-01}]
 * }</pre>
 *
 * <p>The order in the file is the order of creation. Every complaint names file, line and key.
 */
public final class TariffFile {
    /** Longest name, value or tenant. */
    public static final int MAX_TEXT = 255;

    /** Most rules for one value, tenant and group: its price periods. */
    public static final int MAX_PERIODS = 1_000;

    private static final int COST_INTEGER_DIGITS = 12;
    private static final int COST_FRACTION_DIGITS = 28;
    private static final int LEVEL_INTEGER_DIGITS = 12;
    private static final int LEVEL_FRACTION_DIGITS = 8;

    /**
     * What a file says.
     *
     * @param currency ISO 4217 code of every cost
     * @param warnings one line each: what is allowed but likely not meant
     */
    public record Result(RuleSet ruleSet, String currency, List<String> warnings) {
        public Result {
            warnings = List.copyOf(warnings);
        }
    }

    private final Set<String> groups = new LinkedHashSet<>();
    private final List<RuleSet.Service> services = new ArrayList<>();
    private final List<Mapping> mappings = new ArrayList<>();
    private final List<Threshold> thresholds = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Map<List<String>, List<Placed>> placed = new HashMap<>();
    private final Map<List<String>, ConfigNode> levels = new HashMap<>();

    /** A mapping and where it stands. */
    private record Placed(ConfigNode node, Instant start, Instant end) {
        boolean overlaps(Placed other) {
            return (start == null || other.end == null || start.isBefore(other.end))
                    && (other.start == null || end == null || other.start.isBefore(end));
        }
    }

    private TariffFile() {}

    /**
     * Reads a tariff file.
     *
     * @throws org.caravan.common.UserError if the file is missing, not well formed, or says what a tariff can't say
     */
    public static Result read(Path path) {
        return new TariffFile().read(ConfigNode.read(path, "tariff"));
    }

    /** As {@link #read}, from a text; {@code file} is the name used in messages. */
    public static Result parse(String text, String file) {
        return new TariffFile().read(ConfigNode.parse(text, file, "tariff"));
    }

    private Result read(ConfigNode top) {
        String currency = currency(top.require("currency"));
        for (ConfigNode group : top.list("groups")) {
            if (!groups.add(name(group))) {
                throw group.error("group '" + group.text() + "' is listed twice");
            }
        }
        ConfigNode list = top.require("services");
        top.noOtherKeys();
        list.entries().forEach(this::service);
        List<RuleSet.Group> known = groups.stream()
                .filter(group -> !RuleSet.DEFAULT_GROUP.equals(group))
                .map(group -> new RuleSet.Group(group, false))
                .toList();
        return new Result(new RuleSet(services, known, mappings, thresholds), currency, warnings);
    }

    private static String currency(ConfigNode node) {
        String code = node.text();
        Set<String> known = new LinkedHashSet<>();
        Currency.getAvailableCurrencies().stream()
                .map(Currency::getCurrencyCode)
                .sorted()
                .forEach(known::add);
        if (!known.contains(code)) {
            throw node.error(
                    "'" + code + "' is no ISO 4217 currency code such as EUR or NZD" + Nearest.hint(code, known));
        }
        return code;
    }

    private void service(String service, ConfigNode node) {
        checkName(service, node);
        if (node.isNull()) {
            services.add(new RuleSet.Service(service, List.of()));
            return;
        }
        rules(service, null, node);
        ConfigNode fields = node.get("fields");
        node.noOtherKeys();
        List<String> names = new ArrayList<>();
        if (fields != null) {
            fields.entries().forEach((field, rules) -> {
                checkName(field, rules);
                names.add(field);
                if (!rules.isNull()) {
                    rules(service, field, rules);
                    rules.noOtherKeys();
                }
            });
        }
        services.add(new RuleSet.Service(service, names));
    }

    private void rules(String service, String field, ConfigNode node) {
        node.list("mappings").forEach(rule -> mapping(service, field, rule));
        node.list("thresholds").forEach(rule -> threshold(service, field, rule));
    }

    private void mapping(String service, String field, ConfigNode node) {
        if (field == null && node.get("value") != null) {
            throw node.get("value").error("a rule of a service has no value; rules for values stand under 'fields'");
        }
        String value = field == null ? null : name(node.require("value"));
        RuleType type = type(node);
        BigDecimal cost = decimal(node.require("cost"), COST_INTEGER_DIGITS, COST_FRACTION_DIGITS);
        String group = group(node.get("group"));
        String tenant = node.get("tenant") == null ? null : name(node.get("tenant"));
        ConfigNode startNode = node.get("start");
        ConfigNode endNode = node.get("end");
        Instant start = startNode == null ? null : RuleTime.start(startNode);
        Instant end = endNode == null ? null : RuleTime.end(endNode);
        node.noOtherKeys();
        if (start != null && end != null && !start.isBefore(end)) {
            throw endNode.error("the end " + endNode.text() + " must be after the start " + startNode.text());
        }
        place(new Placed(node, start, end), Arrays.asList(service, field, value, tenant, group));
        if (type == RuleType.FLAT && cost.signum() < 0) {
            warnings.add(node.where() + "a negative flat cost never applies: the dearest flat wins, and none is 0");
        }
        mappings.add(new Mapping(service, field, value, type, cost, group, tenant, start, end, false));
    }

    private void place(Placed rule, List<String> slot) {
        List<Placed> others = placed.computeIfAbsent(slot, s -> new ArrayList<>());
        if (others.size() == MAX_PERIODS) {
            throw rule.node.error("more than " + MAX_PERIODS + " rules for one value, tenant and group");
        }
        for (Placed other : others) {
            if (Objects.equals(rule.start, other.start) && Objects.equals(rule.end, other.end)) {
                throw rule.node.error("the same rule stands in line " + other.node.line()
                        + " already; keep one, or give them periods that do not overlap");
            }
            if (rule.overlaps(other)) {
                warnings.add(rule.node.where() + "the period overlaps that of the rule in line " + other.node.line()
                        + "; where both are in force, this later one counts");
            }
            if (RuleTime.leavesLastSecond(other.end, rule.start) || RuleTime.leavesLastSecond(rule.end, other.start)) {
                warnings.add(rule.node.where() + "between this rule and the one in line " + other.node.line()
                        + " the last second of a day has no price; write the end as the start of the next period");
            }
        }
        others.add(rule);
    }

    private void threshold(String service, String field, ConfigNode node) {
        BigDecimal level = decimal(node.require("level"), LEVEL_INTEGER_DIGITS, LEVEL_FRACTION_DIGITS);
        RuleType type = type(node);
        BigDecimal cost = decimal(node.require("cost"), COST_INTEGER_DIGITS, COST_FRACTION_DIGITS);
        String group = group(node.get("group"));
        String tenant = node.get("tenant") == null ? null : name(node.get("tenant"));
        node.noOtherKeys();
        ConfigNode same = levels.putIfAbsent(
                Arrays.asList(service, field, level.stripTrailingZeros().toString(), tenant, group), node);
        if (same != null) {
            throw node.error("the same rule stands in line " + same.line() + " already: one level has one price");
        }
        if (level.compareTo(BigDecimal.ONE.negate()) <= 0) {
            warnings.add(node.where() + "a threshold whose level is -1 or below never applies");
        }
        thresholds.add(new Threshold(service, field, level, type, cost, group, tenant));
    }

    private static RuleType type(ConfigNode node) {
        ConfigNode type = node.get("type");
        return type == null || type.oneOf("flat", "rate").equals("flat") ? RuleType.FLAT : RuleType.RATE;
    }

    private String group(ConfigNode node) {
        if (node == null || RuleSet.DEFAULT_GROUP.equals(node.text())) {
            return null;
        }
        if (!groups.contains(node.text())) {
            throw node.error(
                    "group '" + node.text() + "' is not listed under 'groups'" + Nearest.hint(node.text(), groups));
        }
        return node.text();
    }

    private static BigDecimal decimal(ConfigNode node, int integerDigits, int fractionDigits) {
        BigDecimal value = node.decimal();
        BigDecimal stripped = value.stripTrailingZeros();
        if (stripped.scale() > fractionDigits || stripped.precision() - stripped.scale() > integerDigits) {
            throw node.error("'" + node.text() + "' has more than " + integerDigits + " digits before or "
                    + fractionDigits + " after the point");
        }
        // 1e2 is 100, as it comes back from wherever it is kept
        return value.scale() < 0 ? value.setScale(0) : value;
    }

    private static String name(ConfigNode node) {
        String name = node.text();
        checkName(name, node);
        return name;
    }

    private static void checkName(String name, ConfigNode node) {
        if (name.isEmpty()) {
            throw node.error("must not be empty");
        }
        if (name.length() > MAX_TEXT) {
            throw node.error("longer than " + MAX_TEXT + " characters");
        }
        if (name.indexOf(0) >= 0 || name.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
            throw node.error("must not contain a NUL or half a character: no database keeps them");
        }
    }
}
