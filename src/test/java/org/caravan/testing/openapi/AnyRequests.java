package org.caravan.testing.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/** Requests made from a contract: most nearly right, so that they get past the first check, some not at all. */
public final class AnyRequests {
    private static final List<String> TRICKS = List.of(
            "/v1/../v2/scope",
            "/v1/%2e%2e/v2/scope",
            "//v2/scope",
            "/v2//scope",
            "/v2/scope//",
            "/v2/./scope",
            "/V2/scope",
            "/v2/scope;a=b",
            "/v2/scope%00",
            "/v2/scope%2f",
            "/v2%2fscope",
            "/v2/%73cope",
            "/v2/scope%",
            "/v2/scope%zz",
            "/v2/%c0%afscope",
            "/v2/scope/%ff",
            "/v2/scope?%",
            "/v2/scope?limit=%zz",
            "/v2/scope?a=b&a=c&&&=&=d",
            "/v2/scope?" + "a=b&".repeat(1_100),
            "/v1/rating/module_config/hashmap/services/" + "x".repeat(3_000),
            "/v1/rating/module_config/hashmap/services/%F0%9F%98%80",
            "/v1/rating/module_config/hashmap/mappings/%00",
            "/v1/rating/module_config/hashmap/mappings/group/",
            "/v1/rating/module_config/hashmap/nothing",
            "/v1/rating/module_config/noop/x",
            "/v1/rating/module_config/pyscripts/scripts",
            "/v1/billing/modules/hashmap/",
            "/observe/health",
            "/reseller/v1/none",
            "/caravan/v1/none",
            "/..%2f..%2fetc%2fpasswd",
            "/index.html",
            "/v3/auth/tokens");
    private static final List<String> METHODS =
            List.of("HEAD", "OPTIONS", "TRACE", "PATCH", "PUT", "POST", "DELETE", "GET", "PROPFIND", "get");

    private final Contract contract;
    private final List<Operation> operations;
    private final Random random;
    private final Known known;

    public AnyRequests(Contract contract, Random random, Known known) {
        this.contract = contract;
        this.operations = contract.operations();
        this.random = random;
        this.known = known;
    }

    /**
     * A request.
     *
     * @param operation that it is made from, or null for one that is none of the contract's
     */
    public record Sample(Operation operation, String method, String target, Map<String, String> headers, byte[] body) {
        @Override
        public String toString() {
            String text = new String(body, StandardCharsets.UTF_8);
            return method + " " + shortened(target) + " " + headers + " " + shortened(text);
        }

        private static String shortened(String text) {
            return text.length() > 1_000 ? text.substring(0, 1_000) + "... (" + text.length() + ")" : text;
        }
    }

    public Sample next() {
        if (chance(6)) {
            return none();
        }
        Operation operation = operations.get(random.nextInt(operations.size()));
        if (operation.method().equals("DELETE") && chance(70)) {
            // else nothing would be there for long
            operation = operations.get(random.nextInt(operations.size()));
        }
        StringBuilder path = new StringBuilder(operation.template());
        for (Operation.Parameter parameter : operation.parameters()) {
            if (parameter.inPath()) {
                String name = "{" + parameter.name() + "}";
                int at = path.indexOf(name);
                String value = value(parameter.name(), parameter.schema());
                path.replace(at, at + name.length(), encode(value.isEmpty() ? "x" : value));
            }
        }
        if (chance(20)) {
            path.append('/');
        }
        String query = query(operation);
        Map<String, String> headers = new LinkedHashMap<>();
        byte[] body = new byte[0];
        if (operation.body() != null || chance(3)) {
            body = body(operation);
            headers.put("Content-Type", chance(97) ? "application/json" : "text/plain; charset=utf-16");
        }
        String target = path.toString() + (query.isEmpty() ? "" : "?" + query);
        return new Sample(operation, operation.method(), target.replace("//", "/"), headers, body);
    }

    private Sample none() {
        String target = chance(70)
                ? TRICKS.get(random.nextInt(TRICKS.size()))
                : operations.get(random.nextInt(operations.size())).template().replaceAll("[{}]", "");
        String method = chance(50) ? "GET" : METHODS.get(random.nextInt(METHODS.size()));
        return new Sample(null, method, target, Map.of(), new byte[0]);
    }

    private String query(Operation operation) {
        List<String> arguments = new ArrayList<>();
        for (Operation.Parameter parameter : operation.parameters()) {
            if (!parameter.inPath() && chance(parameter.required() ? 90 : 35)) {
                int times = chance(4) ? 3 : 1;
                for (int i = 0; i < times; i++) {
                    arguments.add(encode(parameter.name()) + "=" + encode(value(parameter.name(), parameter.schema())));
                }
            }
        }
        if (chance(4)) {
            arguments.add(encode(Hostile.text(random)) + "=" + encode(Hostile.text(random)));
        }
        return String.join("&", arguments);
    }

    /** The text of a value in a path or query. */
    private String value(String name, JsonNode schema) {
        if (chance(12)) {
            return Hostile.text(random);
        }
        String meant = known.any(name, random);
        if (meant != null && chance(80)) {
            return meant;
        }
        JsonNode said = contract.resolve(schema);
        if (said.has("enum")) {
            return said.get("enum").get(random.nextInt(said.get("enum").size())).asText();
        }
        return switch (said.path("type").asText()) {
            case "boolean" -> List.of("true", "false", "True", "1", "0").get(random.nextInt(5));
            case "integer" -> String.valueOf(random.nextInt(chance(80) ? 200 : Integer.MAX_VALUE));
            default -> text(name);
        };
    }

    private byte[] body(Operation operation) {
        if (operation.body() == null || chance(6)) {
            byte[] text = Hostile.body(random).getBytes(StandardCharsets.UTF_8);
            if (text.length > 3 && chance(20)) {
                text[random.nextInt(text.length)] = (byte) 0xff;
            }
            return text;
        }
        StringBuilder out = new StringBuilder();
        write(out, "", operation.body(), 0);
        if (chance(2)) {
            out.setLength(out.length() / 2);
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void write(StringBuilder out, String name, JsonNode schema, int depth) {
        if (chance(5)) {
            out.append(Hostile.json(random));
            return;
        }
        JsonNode said = contract.resolve(schema);
        if (said.has("anyOf")) {
            write(
                    out,
                    name,
                    said.get("anyOf").get(random.nextInt(said.get("anyOf").size())),
                    depth);
            return;
        }
        if (said.has("enum")) {
            out.append(said.get("enum").get(random.nextInt(said.get("enum").size())));
            return;
        }
        JsonNode type = said.path("type");
        String kind =
                type.isArray() ? type.get(chance(80) ? 0 : type.size() - 1).textValue() : type.asText("object");
        switch (kind) {
            case "null" -> out.append("null");
            case "boolean" -> out.append(random.nextBoolean());
            case "integer" -> out.append(1 + random.nextInt(200));
            case "number" -> out.append(number());
            case "array" -> array(out, name, said.path("items"), depth);
            case "object" -> object(out, said, depth);
            default -> out.append(TextNode.valueOf(string(name, said)));
        }
    }

    private String string(String name, JsonNode schema) {
        if (chance(6)) {
            return Hostile.text(random);
        }
        String meant = known.any(name, random);
        if (meant != null && chance(85)) {
            return meant;
        }
        return schema.has("pattern") ? number() : text(name);
    }

    private void array(StringBuilder out, String name, JsonNode items, int depth) {
        out.append('[');
        int size = 1 + random.nextInt(3);
        for (int i = 0; i < size; i++) {
            out.append(i == 0 ? "" : ",");
            write(out, name, items, depth + 1);
        }
        out.append(']');
    }

    private void object(StringBuilder out, JsonNode schema, int depth) {
        out.append('{');
        List<String> parts = new ArrayList<>();
        Set<String> required = new LinkedHashSet<>();
        Map<String, JsonNode> properties = new LinkedHashMap<>();
        read(schema, required, properties);
        if (schema.has("oneOf")) {
            read(schema.get("oneOf").get(random.nextInt(schema.get("oneOf").size())), required, properties);
        }
        properties.forEach((name, property) -> {
            if (chance(required.contains(name) ? 96 : 40)) {
                parts.add(part(name, property, depth));
            }
        });
        if (schema.path("additionalProperties").isObject()) {
            parts.add(part(text("metric"), schema.get("additionalProperties"), depth));
        } else if (!schema.has("properties")) {
            parts.add(part(text("metadata"), TextNode.valueOf("").deepCopy(), depth));
        }
        if (chance(3)) {
            parts.add(TextNode.valueOf(Hostile.text(random)) + ":" + Hostile.json(random));
        }
        out.append(String.join(",", parts)).append('}');
    }

    private static void read(JsonNode schema, Set<String> required, Map<String, JsonNode> properties) {
        schema.path("required").forEach(name -> required.add(name.textValue()));
        schema.path("properties")
                .properties()
                .forEach(property -> properties.put(property.getKey(), property.getValue()));
    }

    private String part(String name, JsonNode schema, int depth) {
        StringBuilder value = new StringBuilder();
        if (schema.isObject()) {
            write(value, name, schema, depth + 1);
        } else {
            value.append(TextNode.valueOf(text(name)));
        }
        return TextNode.valueOf(name) + ":" + value;
    }

    private String number() {
        return switch (random.nextInt(5)) {
            case 0 -> String.valueOf(random.nextInt(100));
            case 1 -> random.nextInt(1_000) + "." + random.nextInt(1_000_000);
            case 2 -> "-" + random.nextInt(10) + ".5";
            case 3 -> "0." + "0".repeat(random.nextInt(27)) + "1";
            default -> "0.1";
        };
    }

    private String text(String name) {
        return switch (random.nextInt(4)) {
            case 0 ->
                UUID.nameUUIDFromBytes(new byte[] {(byte) random.nextInt(), (byte) random.nextInt()})
                        .toString();
            case 1 -> name + random.nextInt(20);
            case 2 -> "Käse 😀 " + random.nextInt(20);
            default -> "x" + Integer.toHexString(random.nextInt(1 << 20));
        };
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
