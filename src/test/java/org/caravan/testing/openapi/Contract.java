package org.caravan.testing.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.caravan.common.Json;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** An OpenAPI file, read as far as tests need it: which operations there are, and whether an answer is as it says. */
public final class Contract {
    private static final String REQUEST_ID = "x-openstack-request-id";
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    private static final Contract SUBSCRIPTION = new Contract(
            Path.of("config/openapi/subscription.yaml"), SubscriptionPaths::isOne, SubscriptionPaths::written);
    private static final Contract RESELLER = new Contract(
            Path.of("config/openapi/reseller.yaml"), path -> segments(path).indexOf("reseller") == 0, path -> path);
    private static final Contract RATING =
            new Contract(Path.of("config/openapi/rating.yaml"), Contract::isRating, path -> path);

    private final Predicate<String> own;
    private final UnaryOperator<String> written;
    private final JsonNode file;
    private final List<Operation> operations = new ArrayList<>();
    private final Map<String, JsonSchema> compiled = new ConcurrentHashMap<>();

    /**
     * @param own true of a path that this contract answers
     * @param written a path as the file writes it
     */
    private Contract(Path path, Predicate<String> own, UnaryOperator<String> written) {
        this.own = own;
        this.written = written;
        try {
            Object loaded = new Load(
                            LoadSettings.builder().setLabel(path.toString()).build())
                    .loadFromString(Files.readString(path));
            file = Json.mapper().valueToTree(loaded);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        file.get("paths").properties().forEach(entry -> read(entry.getKey(), entry.getValue()));
    }

    /** {@code config/openapi/rating.yaml}. */
    public static Contract rating() {
        return RATING;
    }

    /** {@code config/openapi/subscription.yaml}. */
    public static Contract subscription() {
        return SUBSCRIPTION;
    }

    /** {@code config/openapi/reseller.yaml}. */
    public static Contract reseller() {
        return RESELLER;
    }

    public List<Operation> operations() {
        return List.copyOf(operations);
    }

    /** True if this contract answers the path: below a version, or at the root. */
    private static boolean isRating(String path) {
        List<String> segments = segments(path);
        return segments.isEmpty()
                || List.of("v1", "v2", "healthcheck").contains(segments.get(0)) && !SubscriptionPaths.isOne(path);
    }

    /** The operation of a request, or null. */
    public Operation find(String method, String path) {
        Operation best = null;
        for (Operation operation : operations) {
            if (operation.method().equals(method)
                    && matches(operation.segments(), segments(written.apply(path)))
                    // a written segment goes before a variable
                    && (best == null || best.template().contains("{"))) {
                best = operation;
            }
        }
        return best;
    }

    /**
     * What of an answer is not as the file says; empty if all is.
     *
     * @param headers by name in lower case
     */
    public List<String> problems(String method, String path, int status, Map<String, String> headers, byte[] body) {
        List<String> problems = new ArrayList<>();
        Operation operation = find(method, path);
        JsonNode response = operation == null ? null : operation.responses().get(String.valueOf(status));
        if (response == null && status >= 400) {
            response = operation == null
                    ? error(path)
                    : resolve(operation.responses().get("default"));
        }
        if (response == null) {
            problems.add("status " + status + " is not in the file");
            return problems;
        }
        if (!headers.getOrDefault(REQUEST_ID, "").startsWith("req-")) {
            problems.add("no " + REQUEST_ID);
        }
        response.path("headers").properties().forEach(header -> {
            String value = headers.get(header.getKey().toLowerCase(Locale.ROOT));
            JsonNode schema = resolve(header.getValue()).path("schema");
            if (value == null) {
                problems.add("no header " + header.getKey());
            } else if (!value.matches(schema.path("pattern").asText(".*") + ".*")) {
                problems.add("header " + header.getKey() + " is " + value);
            }
        });
        if (!method.equals("HEAD")) {
            body(response.path("content"), headers, body, problems);
        }
        return problems;
    }

    /** As {@link #problems}, as an assertion; says nothing to a path that this contract does not have. */
    public void check(String method, String path, int status, Map<String, String> headers, byte[] body) {
        if (!own.test(path)) {
            return;
        }
        List<String> problems = problems(method, path, status, headers, body);
        if (!problems.isEmpty()) {
            throw new AssertionError(
                    method + " " + path + " was answered " + status + " " + new String(body, StandardCharsets.UTF_8)
                            + ", which is not what its OpenAPI file says: " + problems);
        }
    }

    private void body(JsonNode content, Map<String, String> headers, byte[] body, List<String> problems) {
        if (content.isMissingNode()) {
            if (body.length > 0 && !new String(body, StandardCharsets.UTF_8).equals("null")) {
                problems.add("a body where there is none");
            }
            return;
        }
        String type = headers.getOrDefault("content-type", "").replaceFirst(";.*", "");
        JsonNode said = content.get(type);
        if (said == null) {
            problems.add("content type '" + type + "' is not in the file");
        } else if (type.equals("application/json")) {
            try {
                JsonNode read = Json.mapper().readTree(body);
                for (ValidationMessage message : schema(said.get("schema")).validate(read)) {
                    problems.add(message.toString());
                }
            } catch (IOException e) {
                problems.add("not JSON: " + e.getMessage());
            }
        }
    }

    /** The node itself, or what it refers to. */
    public JsonNode resolve(JsonNode node) {
        JsonNode found = node;
        while (found != null && found.has("$ref")) {
            found = file.at(found.get("$ref").textValue().substring(1));
        }
        return found;
    }

    private JsonSchema schema(JsonNode schema) {
        return compiled.computeIfAbsent(schema.toString(), text -> {
            ObjectNode root = Json.mapper().createObjectNode();
            root.putArray("allOf").add(schema);
            root.set("components", file.get("components"));
            return SCHEMAS.getSchema(root);
        });
    }

    private JsonNode error(String path) {
        if (this == SUBSCRIPTION || this == RESELLER) {
            return file.at("/components/responses/Error");
        }
        String form = path.equals("/v2") || path.startsWith("/v2/") ? "Message" : "Fault";
        return file.at("/components/responses/" + form);
    }

    private void read(String template, JsonNode path) {
        path.properties().forEach(entry -> {
            if (entry.getKey().equals("parameters")) {
                return;
            }
            JsonNode said = entry.getValue();
            List<Operation.Parameter> parameters = new ArrayList<>();
            path.path("parameters").forEach(parameter -> parameters.add(parameter(parameter)));
            said.path("parameters").forEach(parameter -> parameters.add(parameter(parameter)));
            Map<String, JsonNode> responses = new LinkedHashMap<>();
            said.get("responses")
                    .properties()
                    .forEach(response -> responses.put(response.getKey(), resolve(response.getValue())));
            JsonNode body = said.has("requestBody")
                    ? resolve(said.get("requestBody")).at("/content/application~1json/schema")
                    : null;
            operations.add(new Operation(
                    entry.getKey().toUpperCase(Locale.ROOT),
                    template,
                    said.get("x-policy").textValue(),
                    parameters,
                    body,
                    responses));
        });
    }

    private Operation.Parameter parameter(JsonNode node) {
        JsonNode said = resolve(node);
        return new Operation.Parameter(
                said.get("name").textValue(),
                said.get("in").textValue().equals("path"),
                said.path("required").booleanValue(),
                said.get("schema"));
    }

    private static boolean matches(List<String> template, List<String> segments) {
        if (template.size() != segments.size()) {
            return false;
        }
        for (int i = 0; i < template.size(); i++) {
            boolean any = template.get(i).startsWith("{") && !segments.get(i).isEmpty();
            if (!any && !template.get(i).equals(segments.get(i))) {
                return false;
            }
        }
        return true;
    }

    static List<String> segments(String path) {
        String plain = path.replaceFirst("\\?.*", "")
                .replaceFirst("^/", "")
                .replaceFirst("/$", "")
                .replaceFirst("^v1/billing(/|$)", "v1/rating$1");
        if (plain.isEmpty()) {
            return List.of();
        }
        return Arrays.stream(plain.split("/", -1)).map(Contract::decode).toList();
    }

    private static String decode(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return segment;
        }
    }
}
