package org.caravan.rating.hashmap;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.caravan.common.Json;
import org.caravan.metering.JsonFloat;

/** One line of the golden files: rules, usage, and the price that CloudKitty's own HashMap gives it. */
record GoldenCase(String name, RuleSet rules, List<Frame> frames) {
    /** One tenant's usage of a period; {@code error} names why CloudKitty can't rate it, or is null. */
    record Frame(String tenant, Instant begin, String error, List<Point> points) {}

    record Point(
            String service,
            BigDecimal quantity,
            BigDecimal price,
            Map<String, Object> groupby,
            Map<String, Object> metadata,
            BigDecimal expected) {}

    @Override
    public String toString() {
        return name;
    }

    static Stream<GoldenCase> read(String resource) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                GoldenCase.class.getResourceAsStream("/golden/" + resource), StandardCharsets.UTF_8))) {
            List<GoldenCase> cases = new ArrayList<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                cases.add(of(Json.mapper().readTree(line)));
            }
            return cases.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GoldenCase of(JsonNode node) {
        List<Frame> frames = new ArrayList<>();
        for (JsonNode frame : node.get("frames")) {
            List<Point> points = new ArrayList<>();
            for (JsonNode point : frame.get("points")) {
                points.add(new Point(
                        point.get("service").textValue(),
                        new BigDecimal(point.get("qty").textValue()),
                        new BigDecimal(point.get("price").textValue()),
                        values(point.get("groupby")),
                        values(point.get("metadata")),
                        decimal(point.get("expected"))));
            }
            frames.add(
                    new Frame(text(frame.get("tenant")), time(frame.get("begin")), text(frame.get("error")), points));
        }
        return new GoldenCase(node.get("case").textValue(), rules(node.get("rules")), frames);
    }

    private static RuleSet rules(JsonNode rules) {
        Map<String, String> serviceNames = new LinkedHashMap<>();
        rules.get("services")
                .forEach(s ->
                        serviceNames.put(s.get("key").textValue(), s.get("name").textValue()));
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        rules.get("fields").forEach(f -> fields.put(f.get("key").textValue(), f));
        Map<String, String> groupNames = new HashMap<>();
        List<RuleSet.Group> groups = new ArrayList<>();
        rules.get("groups").forEach(g -> {
            groupNames.put(g.get("key").textValue(), g.get("name").textValue());
            groups.add(new RuleSet.Group(
                    g.get("name").textValue(), g.path("deleted").asBoolean(false)));
        });
        List<RuleSet.Service> services = new ArrayList<>();
        serviceNames.forEach((key, name) -> services.add(new RuleSet.Service(
                name,
                fields.values().stream()
                        .filter(f -> f.get("service").textValue().equals(key))
                        .map(f -> f.get("name").textValue())
                        .toList())));
        List<Mapping> mappings = new ArrayList<>();
        for (JsonNode rule : rules.get("mappings")) {
            JsonNode field = fields.get(text(rule.get("field")));
            mappings.add(new Mapping(
                    serviceNames.get(text(field == null ? rule.get("service") : field.get("service"))),
                    field == null ? null : field.get("name").textValue(),
                    text(rule.get("value")),
                    type(rule),
                    decimal(rule.get("cost")),
                    groupNames.get(text(rule.get("group"))),
                    text(rule.get("tenant")),
                    time(rule.get("start")),
                    time(rule.get("end")),
                    rule.get("deleted").booleanValue()));
        }
        List<Threshold> thresholds = new ArrayList<>();
        for (JsonNode rule : rules.get("thresholds")) {
            JsonNode field = fields.get(text(rule.get("field")));
            thresholds.add(new Threshold(
                    serviceNames.get(text(field == null ? rule.get("service") : field.get("service"))),
                    field == null ? null : field.get("name").textValue(),
                    decimal(rule.get("level")),
                    type(rule),
                    decimal(rule.get("cost")),
                    groupNames.get(text(rule.get("group"))),
                    text(rule.get("tenant"))));
        }
        return new RuleSet(services, groups, mappings, thresholds);
    }

    private static RuleType type(JsonNode rule) {
        return RuleType.valueOf(rule.get("type").textValue().toUpperCase(java.util.Locale.ROOT));
    }

    private static Map<String, Object> values(JsonNode object) {
        Map<String, Object> values = new LinkedHashMap<>();
        object.properties().forEach(field -> values.put(field.getKey(), value(field.getValue())));
        return values;
    }

    private static Object value(JsonNode node) {
        if (node.isNull()) {
            return null;
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (node.isIntegralNumber()) {
            return node.bigIntegerValue();
        }
        return node.isNumber() ? new JsonFloat(node.decimalValue().toString()) : node.textValue();
    }

    private static String text(JsonNode node) {
        return node == null || node.isNull() ? null : node.textValue();
    }

    private static BigDecimal decimal(JsonNode node) {
        return node == null || node.isNull() ? null : new BigDecimal(node.textValue());
    }

    private static Instant time(JsonNode node) {
        return node == null || node.isNull()
                ? null
                : LocalDateTime.parse(node.textValue()).toInstant(ZoneOffset.UTC);
    }
}
