package org.caravan.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.caravan.common.Json;

/**
 * Answers as the real Gnocchi 4.4 was seen to answer, as far as resources, their history and aggregates go, and misbehaves on
 * demand. As with the real one, aggregates are grouped by the attributes of today.
 */
public final class FakeGnocchi implements AutoCloseable {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss[.SSSSSS]xxx");

    /** How it misbehaves. */
    public enum Mood {
        WELL,
        ERROR_503,
        /** A page for browsers, with status 200. */
        HTML,
        /** A 404 as some proxy may give it. */
        OTHER_404,
        /** Takes the request and never answers. */
        SILENT,
        /** Points of all granularities, as without one in the request. */
        ALL_GRANULARITIES,
        /** Stops in the middle of an answer. */
        CUT
    }

    /** What an instance of it knows of a resource. */
    public static final class Resource {
        private final String id;
        private final String type;
        private Instant ended;
        private final List<Map<String, String>> revisions = new ArrayList<>();
        private final Map<String, SortedMap<Instant, String>> metrics = new LinkedHashMap<>();

        private Resource(String id, String type) {
            this.id = id;
            this.type = type;
        }

        /** From a moment on the resource is this: pairs of attribute and value, {@code project_id} among them. */
        public Resource revision(String start, String... attributes) {
            Map<String, String> row = new LinkedHashMap<>();
            row.put("revision_start", time(Instant.parse(start)));
            for (int i = 0; i < attributes.length; i += 2) {
                row.put(attributes[i], attributes[i + 1]);
            }
            if (!revisions.isEmpty()) {
                revisions.get(revisions.size() - 1).put("revision_end", row.get("revision_start"));
            }
            row.put("revision_end", null);
            revisions.add(row);
            return this;
        }

        /** A point of a metric; the value as it stands in the answer. */
        public Resource point(String metric, String time, String value) {
            metrics.computeIfAbsent(metric, m -> new TreeMap<>()).put(Instant.parse(time), value);
            return this;
        }

        public Resource ended(String time) {
            ended = Instant.parse(time);
            return this;
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Resource> resources = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Mood mood = Mood.WELL;
    private volatile int maxLimit = 1000;
    private volatile int granularity = 3600;
    private volatile long backlog;
    private volatile String token;
    private volatile Runnable betweenPages = () -> {};

    public FakeGnocchi() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public Resource add(String id, String type) {
        Resource resource = new Resource(id, type);
        resources.add(resource);
        return resource;
    }

    public void mood(Mood now) {
        mood = now;
    }

    /** Its {@code [api] max_limit}. */
    public void maxLimit(int now) {
        maxLimit = now;
    }

    public void backlog(long now) {
        backlog = now;
    }

    /** The only token that it takes from now on. */
    public void token(String now) {
        token = now;
    }

    /** What happens whenever resources were listed. */
    public void afterList(Runnable now) {
        betweenPages = now;
    }

    /** The paths that were asked for, with their queries. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    // ---- answers ---------------------------------------------------------------------------------------------------

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            Map<String, List<String>> query = query(exchange.getRequestURI().getRawQuery());
            byte[] raw = exchange.getRequestBody().readAllBytes();
            requests.add(exchange.getRequestURI().toString());
            JsonNode body = raw.length == 0 ? JSON.objectNode() : Json.mapper().readTree(raw);
            if (mood == Mood.SILENT) {
                Thread.sleep(60_000);
            } else if (mood == Mood.ERROR_503) {
                send(exchange, 503, "<html>503 Service Unavailable</html>");
            } else if (mood == Mood.HTML) {
                send(exchange, 200, "<html>welcome</html>");
            } else if (mood == Mood.OTHER_404) {
                send(exchange, 404, "{\"code\":404,\"title\":\"Not Found\",\"description\":\"no such page\"}");
            } else if (mood == Mood.CUT) {
                exchange.sendResponseHeaders(200, 1_000_000);
                exchange.getResponseBody().write("[{\"group\":".getBytes(StandardCharsets.UTF_8));
            } else if (token != null
                    && !token.equals(exchange.getRequestHeaders().getFirst("X-Auth-Token"))) {
                send(exchange, 401, error(401, JSON.textNode("The request you have made requires authentication.")));
            } else if (path.startsWith("/v1/search/resource/")) {
                search(exchange, path.substring("/v1/search/resource/".length()), query, body);
            } else if (path.equals("/v1/aggregates")) {
                aggregates(exchange, query, body);
            } else if (path.equals("/v1/resource_type")) {
                ArrayNode types = JSON.arrayNode();
                resources.stream().map(r -> r.type).distinct().forEach(type -> types.addObject()
                        .put("name", type));
                send(exchange, 200, types.toString());
            } else if (path.equals("/v1/status")) {
                ObjectNode status = JSON.objectNode();
                status.putObject("storage")
                        .putObject("summary")
                        .put("metrics", 0)
                        .put("measures", backlog);
                send(exchange, 200, status.toString());
            } else {
                send(exchange, 404, error(404, JSON.textNode("The resource could not be found.")));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void search(HttpExchange exchange, String type, Map<String, List<String>> query, JsonNode filter)
            throws IOException {
        if (resources.stream().noneMatch(r -> r.type.equals(type))) {
            send(exchange, 404, error(404, JSON.textNode("Resource type " + type + " does not exist")));
            return;
        }
        List<Map<String, String>> rows = new ArrayList<>();
        for (Resource resource : resources) {
            if (resource.type.equals(type)) {
                resource.revisions.forEach(revision -> rows.add(row(resource, revision)));
            }
        }
        rows.removeIf(row -> !matches(filter, row));
        rows.sort(Comparator.<Map<String, String>, String>comparing(row -> row.get("id"))
                .thenComparing(row -> row.get("revision_start")));
        int limit = Math.min(maxLimit, Integer.parseInt(query.get("limit").get(0)));
        ArrayNode answer = JSON.arrayNode();
        rows.stream().limit(limit).forEach(row -> {
            ObjectNode node = answer.addObject();
            row.forEach((name, value) -> {
                if (!query.containsKey("attrs") || query.get("attrs").contains(name)) {
                    node.put(name, value);
                }
            });
        });
        if (answer.size() >= limit) {
            exchange.getResponseHeaders().add("Link", "<" + url() + "/v1/broken?and=%7B>; rel=\"next\"");
        }
        send(exchange, 200, answer.toString());
        betweenPages.run();
    }

    private void aggregates(HttpExchange exchange, Map<String, List<String>> query, JsonNode body) throws IOException {
        JsonNode metric = body.at("/operations/2");
        String type = body.path("resource_type").asText();
        if (resources.stream().noneMatch(r -> r.type.equals(type))) {
            ObjectNode said = JSON.objectNode()
                    .put("cause", "Resource type does not exist")
                    .put("detail", type);
            send(exchange, 400, error(400, said));
            return;
        }
        Instant start = OffsetDateTime.parse(query.get("start").get(0)).toInstant();
        Instant stop = OffsetDateTime.parse(query.get("stop").get(0)).toInstant();
        ArrayNode answer = JSON.arrayNode();
        for (Resource resource : resources) {
            Map<String, String> now = row(resource, resource.revisions.get(resource.revisions.size() - 1));
            SortedMap<Instant, String> points =
                    resource.metrics.get(metric.path(1).asText());
            if (!resource.type.equals(type) || points == null || !matches(body.path("search"), now)) {
                continue;
            }
            if (Integer.parseInt(query.get("granularity").get(0)) != granularity) {
                ObjectNode said = JSON.objectNode().put("cause", "Metrics can't being aggregated");
                said.put("reason", "Granularities are missing");
                send(exchange, 400, error(400, said));
                return;
            }
            ObjectNode one = answer.addObject();
            ObjectNode group = one.putObject("group");
            query.get("groupby").forEach(name -> group.put(name, now.get(name)));
            ArrayNode series = one.putObject("measures").putObject("measures").putArray("aggregated");
            if (mood == Mood.ALL_GRANULARITIES) {
                series.add(point(start, "86400.0", "9.0"));
            }
            points.subMap(start, stop).forEach((time, value) -> series.add(point(time, granularity + ".0", value)));
        }
        if (answer.isEmpty()) {
            ObjectNode said = JSON.objectNode().put("cause", "Metrics not found");
            said.putArray("detail").add(metric.path(1).asText());
            send(exchange, 400, error(400, said));
        } else {
            send(exchange, 200, answer.toString());
        }
    }

    private static ArrayNode point(Instant time, String seconds, String value) {
        return JSON.arrayNode()
                .add(time(time))
                .addRawValue(new RawValue(seconds))
                .addRawValue(new RawValue(value));
    }

    private static Map<String, String> row(Resource resource, Map<String, String> revision) {
        Map<String, String> row = new LinkedHashMap<>(revision);
        row.put("id", resource.id);
        row.put("ended_at", resource.ended == null ? null : time(resource.ended));
        return row;
    }

    private static boolean matches(JsonNode filter, Map<String, String> row) {
        if (filter.isEmpty()) {
            return true;
        }
        String operator = filter.fieldNames().next();
        JsonNode operand = filter.get(operator);
        if (operator.equals("and") || operator.equals("or")) {
            List<JsonNode> parts = new ArrayList<>();
            operand.forEach(parts::add);
            return operator.equals("and")
                    ? parts.stream().allMatch(part -> matches(part, row))
                    : parts.stream().anyMatch(part -> matches(part, row));
        }
        String name = operand.fieldNames().next();
        String value = row.get(name);
        String wanted = operand.get(name).isNull() ? null : operand.get(name).asText();
        if (value == null || wanted == null) {
            return operator.equals("=") && value == null && wanted == null;
        }
        boolean isTime = name.endsWith("_at") || name.startsWith("revision_");
        int order = isTime
                ? OffsetDateTime.parse(value)
                        .toInstant()
                        .compareTo(OffsetDateTime.parse(wanted).toInstant())
                : value.compareTo(wanted);
        return switch (operator) {
            case "=" -> order == 0;
            case ">" -> order > 0;
            case ">=" -> order >= 0;
            case "<=" -> order <= 0;
            default -> throw new IllegalArgumentException(operator);
        };
    }

    private static String time(Instant time) {
        return TIME.format(time.atOffset(ZoneOffset.UTC));
    }

    private static Map<String, List<String>> query(String text) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (String part : text == null ? new String[0] : text.split("&")) {
            String[] pair = part.split("=", 2);
            query.computeIfAbsent(pair[0], name -> new ArrayList<>()).add(pair[1]);
        }
        return query;
    }

    private static String error(int code, JsonNode said) {
        ObjectNode error = JSON.objectNode().put("code", code).put("title", "Error");
        error.set("description", said);
        return error.toString();
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", text.startsWith("<") ? "text/html" : "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
