package org.caravan.hub.gnocchi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.caravan.hub.gnocchi.GnocchiHttp.Answer;

/** The questions that are put to Gnocchi. For one thread. */
final class GnocchiClient {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    /** A page of revisions that one resource fills alone is asked for again, this much longer at most. */
    private static final int MAX_PAGES = 10_000;

    private final GnocchiHttp http;
    private final GnocchiSettings settings;

    GnocchiClient(GnocchiHttp http, GnocchiSettings settings) {
        this.http = http;
        this.settings = settings;
    }

    /**
     * Resources and what they were, up to an id.
     *
     * @param upTo the last id that the page covers; null for the last page, which covers all that follow
     */
    record Page(Map<String, History> resources, String upTo) {}

    /**
     * The next resources in order of id, with all revisions that matter from a moment on.
     *
     * @param after the last id of the page before, or null
     * @return null if there is no such resource type
     */
    Page resources(Metric metric, Instant from, String after) throws GnocchiFailure {
        String path =
                "/v1/search/resource/" + metric.resourceType() + "?history=true&sort=id:asc&sort=revision_start:asc"
                        + "&limit=" + settings.pageResources() + "&attrs=id&attrs=project_id&attrs=revision_start"
                        + String.join(
                                "",
                                metric.attributes().stream()
                                        .map(name -> "&attrs=" + name)
                                        .toList());
        Map<String, History> resources = new LinkedHashMap<>();
        String id = null;
        String start = null;
        for (int page = 0; page < MAX_PAGES; page++) {
            ArrayNode conditions = alive(from);
            conditions.add(condition(
                    "or",
                    JSON.arrayNode()
                            .add(comparison("=", "revision_end", null))
                            .add(comparison(">", "revision_end", from.toString()))));
            if (id != null) {
                // behind the last revision that was answered; a marker of Gnocchi's would be lost with its resource
                conditions.add(condition(
                        "or",
                        JSON.arrayNode()
                                .add(comparison(">", "id", id))
                                .add(condition(
                                        "and",
                                        JSON.arrayNode()
                                                .add(comparison("=", "id", id))
                                                .add(comparison(">", "revision_start", start))))));
            } else if (after != null) {
                conditions.add(comparison(">", "id", after));
            }
            Answer answer = http.post(path, condition("and", conditions));
            if (isNoType(answer, metric)) {
                return null;
            }
            for (JsonNode row : rows(answer, metric)) {
                id = text(row, "id", metric);
                start = text(row, "revision_start", metric);
                resources.computeIfAbsent(id, i -> new History()).add(revision(row, time(start, metric), metric));
            }
            if (!answer.more() || answer.body().isEmpty()) {
                return new Page(resources, null);
            }
            if (resources.size() > 1) {
                // what the page cut may lack revisions
                resources.remove(id);
                Set<String> whole = new LinkedHashSet<>(resources.keySet());
                return new Page(
                        resources, whole.stream().reduce((one, other) -> other).orElseThrow());
            }
        }
        throw GnocchiFailure.refused(metric + ": resource " + id + " has more revisions than " + MAX_PAGES
                + " pages hold; raise caravan.gnocchi.pageResources");
    }

    /**
     * The points of a metric.
     *
     * @param values by resource id and time, each from its literal
     * @param known true if Gnocchi has such a metric
     */
    record Points(Map<String, SortedMap<Instant, BigDecimal>> values, boolean known) {}

    /**
     * Points of the resources of a page with from ≤ time < to.
     *
     * @param alive resources that ended before this, and the margin, are not asked for; as the page was asked for
     */
    Points points(Metric metric, Instant from, Instant to, Instant alive, String after, String upTo)
            throws GnocchiFailure {
        String path = "/v1/aggregates?start=" + from + "&stop=" + to + "&granularity=" + metric.seconds()
                + "&groupby=id&groupby=project_id&use_history=false";
        ArrayNode conditions = alive(alive);
        if (after != null) {
            conditions.add(comparison(">", "id", after));
        }
        if (upTo != null) {
            conditions.add(comparison("<=", "id", upTo));
        }
        ObjectNode body = JSON.objectNode();
        body.putArray("operations")
                .add("aggregate")
                .add("max")
                .add(JSON.arrayNode().add("metric").add(metric.name()).add(metric.method()));
        body.set("search", condition("and", conditions));
        body.put("resource_type", metric.resourceType());
        Answer answer = http.post(path, body);
        if (isUnknown(answer)) {
            return new Points(Map.of(), false);
        }
        Map<String, SortedMap<Instant, BigDecimal>> points = new LinkedHashMap<>();
        for (JsonNode group : rows(answer, metric)) {
            String id = text(group.path("group"), "id", metric);
            JsonNode series = group.at("/measures/measures/aggregated");
            if (!series.isArray()) {
                throw strange(metric, "a group has no list of aggregates");
            }
            SortedMap<Instant, BigDecimal> values = points.computeIfAbsent(id, i -> new TreeMap<>());
            for (JsonNode point : series) {
                if (!point.path(1).isNumber()
                        || point.path(1).decimalValue().compareTo(BigDecimal.valueOf(metric.seconds())) != 0) {
                    throw strange(
                            metric,
                            "a point has granularity " + shown(point.path(1)) + " where " + metric.seconds()
                                    + " was asked for");
                }
                Instant time = time(point.path(0).asText(), metric);
                if (time.isBefore(from) || !time.isBefore(to) || time.getEpochSecond() % metric.seconds() != 0) {
                    throw strange(metric, "a point at " + time + " was not asked for");
                }
                if (!point.path(2).isNumber()) {
                    throw strange(metric, "the value at " + time + " is " + point.path(2));
                }
                if (values.put(time, point.path(2).decimalValue()) != null) {
                    throw strange(metric, "two values at " + time + " of resource " + id);
                }
            }
        }
        return new Points(points, true);
    }

    /** Measures that Gnocchi has taken in and not processed yet; what is read may lack them. */
    long backlog() throws GnocchiFailure {
        Answer answer = http.get("/v1/status?details=false");
        JsonNode measures = answer.body().at("/storage/summary/measures");
        if (answer.status() != 200 || !measures.isIntegralNumber()) {
            throw GnocchiFailure.away(
                    "Gnocchi does not say how many measures wait to be processed (status " + answer.status()
                            + "); let the hub's user see /v1/status, or leave caravan.gnocchi.maxBacklog out",
                    null);
        }
        return measures.longValue();
    }

    /** Names of the resource types; for a trial. */
    List<String> resourceTypes() throws GnocchiFailure {
        Answer answer = http.get("/v1/resource_type");
        List<String> names = new ArrayList<>();
        answer.body().forEach(type -> names.add(type.path("name").asText()));
        return names;
    }

    // ---- what is asked
    // -----------------------------------------------------------------------------------------------

    private ArrayNode alive(Instant from) {
        return JSON.arrayNode()
                .add(condition(
                        "or",
                        JSON.arrayNode()
                                .add(comparison("=", "ended_at", null))
                                .add(comparison(
                                        ">=",
                                        "ended_at",
                                        from.minus(settings.ended()).toString()))));
    }

    private static ObjectNode comparison(String operator, String attribute, String value) {
        ObjectNode node = JSON.objectNode();
        node.putObject(operator).put(attribute, value);
        return node;
    }

    private static ObjectNode condition(String operator, ArrayNode parts) {
        return JSON.objectNode().set(operator, parts);
    }

    // ---- what is answered
    // --------------------------------------------------------------------------------------------

    /** No resource that was asked about has such a metric; a resource type that does not exist has none. */
    private static boolean isUnknown(Answer answer) {
        String cause = answer.body().at("/description/cause").asText();
        return answer.status() == 400
                && (cause.equals("Metrics not found") || cause.equals("Resource type does not exist"));
    }

    /** Its very words: a 404 of something that is no Gnocchi must not look like a cloud without usage. */
    private static boolean isNoType(Answer answer, Metric metric) {
        return answer.status() == 404
                && answer.body()
                        .path("description")
                        .asText()
                        .equals("Resource type " + metric.resourceType() + " does not exist");
    }

    private static JsonNode rows(Answer answer, Metric metric) throws GnocchiFailure {
        if (answer.status() != 200) {
            JsonNode said = answer.body().path("description");
            String text = said.isTextual() ? said.textValue() : said.toString();
            throw GnocchiFailure.refused(metric.where() + ": " + metric + ": Gnocchi answers " + answer.status() + ": "
                    + (text.length() <= 300 ? text : text.substring(0, 300) + "..."));
        }
        if (!answer.body().isArray()) {
            throw strange(metric, "no list");
        }
        return answer.body();
    }

    private static Revision revision(JsonNode row, Instant start, Metric metric) throws GnocchiFailure {
        ObjectNode metadata = JSON.objectNode();
        for (String name : metric.attributes()) {
            JsonNode value = row.get(name);
            if (value == null) {
                throw GnocchiFailure.refused(metric.where() + ": " + metric + ": its resources have no attribute '"
                        + name + "'; correct groupby or metadata");
            }
            metadata.set(name, value.isContainerNode() ? JSON.textNode(value.toString()) : value);
        }
        JsonNode project = row.path("project_id");
        return new Revision(start, project.isTextual() ? project.textValue() : null, metadata);
    }

    private static String shown(JsonNode value) {
        return value.isNumber() ? Quantity.text(value.decimalValue()) : value.toString();
    }

    private static String text(JsonNode node, String name, Metric metric) throws GnocchiFailure {
        JsonNode value = node.path(name);
        if (!value.isTextual()) {
            throw strange(metric, "no " + name);
        }
        return value.textValue();
    }

    private static Instant time(String text, Metric metric) throws GnocchiFailure {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw strange(metric, "'" + text + "' is no time");
        }
    }

    private static GnocchiFailure strange(Metric metric, String what) {
        return GnocchiFailure.refused(
                metric + ": what Gnocchi answers is not understood: " + what + "; is this a Gnocchi of version 4?");
    }
}
