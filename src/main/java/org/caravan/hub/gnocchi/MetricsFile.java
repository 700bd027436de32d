package org.caravan.hub.gnocchi;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.caravan.common.ConfigNode;
import org.caravan.common.Decimals;
import org.caravan.ledger.PulledMetrics;
import org.caravan.metering.Fraction;
import org.caravan.metering.Meter;
import org.caravan.metering.MeterCatalog;

/** Reads which metrics are billed, in the words of CloudKitty's {@code metrics.yml}. Every complaint names file and line. */
public final class MetricsFile {
    /** Most metrics of a file. */
    static final int MAX_METRICS = 1_000;

    private static final int MAX_TEXT = 255;
    private static final long DAY = 86_400;
    private static final String ID = "id";
    private static final String PROJECT = "project_id";
    private static final Pattern METHOD =
            Pattern.compile("(rate:)?(mean|sum|last|max|min|std|median|first|count|[1-9][0-9]?pct)");
    private static final Pattern ACROSS = Pattern.compile("(rate:)?(mean|median|min|max|sum)");
    private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9_.-]{1,255}");
    private static final Pattern ATTRIBUTE = Pattern.compile("[A-Za-z0-9_-]{1,255}");

    private final MeterCatalog meters;
    private final List<Metric> metrics = new ArrayList<>();
    private final Map<String, String> series = new HashMap<>();

    private MetricsFile(MeterCatalog meters) {
        this.meters = meters;
    }

    /**
     * Reads a file.
     *
     * @param meters what the records' meters mean
     * @throws org.caravan.common.UserError naming file, line and key
     */
    public static List<Metric> read(Path file, MeterCatalog meters) {
        return new MetricsFile(meters).all(ConfigNode.read(file, "Gnocchi metrics file"));
    }

    /** As {@link #read}, from a text; {@code file} is the name used in messages. */
    static List<Metric> parse(String text, String file, MeterCatalog meters) {
        return new MetricsFile(meters).all(ConfigNode.parse(text, file, "Gnocchi metrics file"));
    }

    private List<Metric> all(ConfigNode top) {
        ConfigNode map = top.require("metrics");
        top.noOtherKeys();
        map.entries().forEach((name, node) -> {
            for (ConfigNode one : node.isList() ? node.list() : List.of(node)) {
                add(metric(name, one), one);
            }
        });
        if (metrics.isEmpty()) {
            throw map.error("lists no metric; list those that are billed, as examples/gnocchi.yaml does");
        }
        return List.copyOf(metrics);
    }

    private void add(Metric metric, ConfigNode node) {
        if (PulledMetrics.isAgain(metric.key())) {
            throw node.error("the ledger calls second looks so; give it another alt_name");
        }
        String before = series.put(metric.resourceType() + "\n" + metric.meter(), metric.name());
        if (before != null) {
            throw node.error("metric " + before + " gives usage of meter " + metric.meter() + " for resources of type "
                    + metric.resourceType() + " already; give one of them another alt_name");
        }
        metrics.add(metric);
        if (metrics.size() > MAX_METRICS) {
            throw node.error("more than " + MAX_METRICS + " metrics");
        }
    }

    private Metric metric(String name, ConfigNode node) {
        if (name.isBlank()
                || name.length() > MAX_TEXT
                || name.chars().anyMatch(c -> "*?[".indexOf(c) >= 0 || c < ' ')) {
            throw node.error("'" + name + "' is no name of a single metric; Gnocchi takes *, ? and [ for wildcards");
        }
        String alternative = bounded(node.get("alt_name"));
        String meter = alternative == null ? name : alternative;
        ConfigNode extra = node.require("extra_args");
        ConfigNode type = extra.require("resource_type");
        if (!TYPE.matcher(type.text()).matches()) {
            throw type.error("'" + type.text() + "' is no resource type such as instance");
        }
        Metric metric = new Metric(
                type.text() + "/" + name + (alternative == null ? "" : ":" + meter),
                name,
                type.text(),
                meter,
                bounded(node.require("unit")),
                word(extra.get("aggregation_method"), METHOD, "max", "mean, max, last, sum, count or rate:mean"),
                word(extra.get("re_aggregation_method"), ACROSS, "max", "max, mean, sum or rate:mean"),
                granularity(extra),
                attributes(node),
                quantity(node),
                extra.flag("use_all_resource_revisions", true),
                node.flag("optional", false),
                from(node.get("from")),
                node.where().replaceFirst(": .*", ""));
        node.get("description");
        node.noOtherKeys();
        extra.noOtherKeys();
        Meter meaning = meters.meter(meter);
        if (meaning.identity() == Meter.Identity.EVENT) {
            throw node.error(
                    "meter " + meter + " is an event, and aggregates have no ids; let it be identity: interval");
        }
        if (!meaning.takes(metric.unit())) {
            throw node.error("unit " + metric.unit() + " does not convert to " + meaning.unit() + ", the unit of meter "
                    + meter + " in the meters file");
        }
        return metric;
    }

    private static String bounded(ConfigNode node) {
        if (node == null) {
            return null;
        }
        if (node.text().isBlank() || node.text().length() > MAX_TEXT) {
            throw node.error("expected a text of 1 to " + MAX_TEXT + " characters");
        }
        return node.text();
    }

    private static String word(ConfigNode node, Pattern known, String otherwise, String expected) {
        if (node == null) {
            return otherwise;
        }
        if (!known.matcher(node.text()).matches()) {
            throw node.error("expected " + expected + ", found '" + node.text() + "'");
        }
        return node.text();
    }

    /** Always one: without, Gnocchi mixes all that it keeps in one answer, and usage would be counted more than once. */
    private static Duration granularity(ConfigNode extra) {
        ConfigNode node = extra.require("force_granularity");
        long seconds;
        try {
            seconds = Long.parseLong(node.text());
        } catch (NumberFormatException e) {
            seconds = 0;
        }
        if (seconds < 1 || seconds > DAY || DAY % seconds != 0) {
            throw node.error(
                    "expected the seconds of a granularity that the archive policy keeps and a day is a multiple"
                            + " of, such as 3600, found '" + node.text() + "'");
        }
        return Duration.ofSeconds(seconds);
    }

    /** What is grouped by beside resource and project becomes metadata, too. */
    private static List<String> attributes(ConfigNode node) {
        Set<String> attributes = new LinkedHashSet<>();
        ConfigNode groupby = node.get("groupby");
        if (groupby != null) {
            List<String> words = groupby.texts();
            if (!words.contains(ID) || !words.contains(PROJECT)) {
                throw groupby.error("usage is billed by resource and project: groupby must hold id and project_id");
            }
            attributes.addAll(names(groupby));
        }
        ConfigNode metadata = node.get("metadata");
        if (metadata != null) {
            attributes.addAll(names(metadata));
        }
        attributes.removeAll(Set.of(ID, PROJECT));
        return List.copyOf(attributes);
    }

    private static List<String> names(ConfigNode node) {
        for (ConfigNode name : node.isList() ? node.list() : List.of(node)) {
            if (!ATTRIBUTE.matcher(name.text()).matches()) {
                throw name.error("'" + name.text() + "' is no attribute of a resource, such as flavor_name");
            }
        }
        return node.texts();
    }

    private static Quantity quantity(ConfigNode node) {
        ConfigNode factor = node.get("factor");
        Fraction times = Fraction.ONE;
        if (factor != null) {
            try {
                times = Fraction.parse(factor.text());
            } catch (NumberFormatException e) {
                throw factor.error(
                        "expected a number above 0 or a fraction such as 1/1048576, found '" + factor.text() + "'");
            }
        }
        ConfigNode mutate = node.get("mutate");
        Quantity.Change change = mutate == null
                ? Quantity.Change.NONE
                : Quantity.Change.valueOf(mutate.oneOf("NONE", "CEIL", "FLOOR", "NUMBOOL", "NOTNUMBOOL", "MAP"));
        return new Quantity(times, node.decimal("offset", BigDecimal.ZERO), change, map(node, change));
    }

    private static Map<BigDecimal, BigDecimal> map(ConfigNode node, Quantity.Change change) {
        ConfigNode map = node.get("mutate_map");
        if ((map != null) != (change == Quantity.Change.MAP)) {
            throw (map == null ? node : map).error("mutate: MAP and mutate_map belong together");
        }
        Map<BigDecimal, BigDecimal> values = new LinkedHashMap<>();
        if (map != null) {
            map.entries().forEach((from, to) -> {
                try {
                    values.put(Decimals.parse(from), to.decimal());
                } catch (NumberFormatException e) {
                    throw to.error("expected a decimal number as key, found '" + from + "'");
                }
            });
        }
        return values;
    }

    private static Instant from(ConfigNode node) {
        try {
            return node == null ? null : Instant.parse(node.text());
        } catch (DateTimeException e) {
            throw node.error("expected a UTC time such as 2026-10-01T00:00:00Z, found '" + node.text() + "'");
        }
    }
}
