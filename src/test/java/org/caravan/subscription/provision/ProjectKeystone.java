package org.caravan.subscription.provision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.caravan.common.Json;
import org.caravan.common.keystone.Identity;
import org.caravan.common.keystone.KeystoneClient;
import org.caravan.common.keystone.KeystoneLogin;
import org.caravan.common.keystone.KeystoneSettings;

/** Answers as the real Keystone 22 was seen to answer, as far as projects and roles go, and fails on demand. */
final class ProjectKeystone implements AutoCloseable {
    /** How the next requests fail: before they are carried out, or after, when only the answer is lost. */
    enum Failure {
        STATUS_503,
        STATUS_429,
        TOKEN_SPENT,
        ANSWER_LOST
    }

    private final HttpServer server;
    private final Set<String> tokens = Collections.synchronizedSet(new TreeSet<>());
    private final Map<String, ObjectNode> projects = new LinkedHashMap<>();
    private final Map<String, String> roles = new HashMap<>();
    private final Set<String> users = new TreeSet<>(Set.of("u1"));
    private final Set<String> grants = new TreeSet<>();
    private final Deque<Failure> failures = new ArrayDeque<>();
    private int requests;
    private int logins;

    ProjectKeystone() throws IOException {
        List.of("member", "bs-admin", "admin").forEach(role -> roles.put(role, "id-of-" + role));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.createContext("/", this::answer);
        server.start();
    }

    Identity identity() {
        return new KeystoneClient(
                        new KeystoneSettings(
                                URI.create("http://127.0.0.1:"
                                        + server.getAddress().getPort() + "/v3"),
                                new KeystoneLogin.Password("billing", "Default", "service", "Default", "secret"),
                                Duration.ofSeconds(30),
                                4),
                        Clock.systemUTC())
                .identity();
    }

    synchronized void fail(Failure... next) {
        failures.addAll(List.of(next));
    }

    synchronized void removeRole(String name) {
        roles.remove(name);
    }

    synchronized void addRole(String name) {
        roles.put(name, "id-of-" + name);
    }

    synchronized int requests() {
        return requests;
    }

    synchronized int logins() {
        return logins;
    }

    /** Makes a project as somebody else does. */
    synchronized String have(String name) {
        String id = UUID.randomUUID().toString().replace("-", "");
        ObjectNode project = JsonNodeFactory.instance.objectNode();
        project.put("id", id).put("name", name).put("domain_id", "default").put("enabled", true);
        project.putArray("tags");
        projects.put(id, project);
        return id;
    }

    synchronized void grant(String project, String user, String role) {
        grants.add(project + " " + user + " id-of-" + role);
    }

    /** {@code NAME enabled|disabled: roles of u1}, in order of their making. */
    synchronized List<String> state(String... parts) {
        List<String> state = new ArrayList<>();
        projects.forEach((id, project) -> {
            String name = project.get("name").asText();
            for (String part : parts) {
                if (name.endsWith("-" + part)) {
                    Set<String> own = new TreeSet<>();
                    roles.forEach((role, roleId) -> {
                        if (grants.contains(id + " u1 " + roleId)) {
                            own.add(role);
                        }
                    });
                    state.add(name + " " + (project.get("enabled").asBoolean() ? "enabled" : "disabled") + " " + own);
                }
            }
        });
        return state;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath().substring("/v3".length());
            String method = exchange.getRequestMethod();
            if (path.equals("/auth/tokens")) {
                login(exchange);
                return;
            }
            requests++;
            String token = exchange.getRequestHeaders().getFirst("X-Auth-Token");
            Failure failure = failures.poll();
            if (failure == Failure.TOKEN_SPENT) {
                tokens.remove(token);
            }
            if (!tokens.contains(token)) {
                error(exchange, 401, "The request you have made requires authentication.", "Unauthorized");
            } else if (failure == Failure.STATUS_503) {
                error(exchange, 503, "no", "Service Unavailable");
            } else if (failure == Failure.STATUS_429) {
                error(exchange, 429, "slowly", "Too Many Requests");
            } else if (failure == Failure.ANSWER_LOST) {
                carryOut(new Silent(exchange), method, path, body);
            } else {
                carryOut(exchange, method, path, body);
            }
        }
    }

    private void login(HttpExchange exchange) throws IOException {
        logins++;
        String token = "gAAAA" + UUID.randomUUID();
        tokens.add(token);
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        exchange.getResponseHeaders().add("X-Subject-Token", token);
        send(
                exchange,
                201,
                "{\"token\":{\"issued_at\":\"" + now + "\",\"expires_at\":\"" + now.plusSeconds(3600) + "\"}}");
    }

    private void carryOut(HttpExchange exchange, String method, String path, byte[] body) throws IOException {
        String[] parts = path.substring(1).split("/");
        if (parts[0].equals("roles")) {
            String name = query(exchange, "name");
            ObjectNode answer = JsonNodeFactory.instance.objectNode();
            var list = answer.putArray("roles");
            if (roles.containsKey(name)) {
                list.addObject().put("id", roles.get(name)).put("name", name);
            }
            send(exchange, 200, answer.toString());
        } else if (parts.length == 1 && method.equals("POST")) {
            create(exchange, Json.mapper().readTree(body).get("project"));
        } else if (parts.length == 1) {
            ObjectNode answer = JsonNodeFactory.instance.objectNode();
            var list = answer.putArray("projects");
            String name = query(exchange, "name");
            projects.values().stream()
                    .filter(project ->
                            name == null || project.get("name").asText().equals(name))
                    .forEach(list::add);
            send(exchange, 200, answer.toString());
        } else if (!projects.containsKey(parts[1])) {
            error(exchange, 404, "Could not find project: " + parts[1] + ".", "Not Found");
        } else if (parts.length == 2) {
            ObjectNode project = projects.get(parts[1]);
            if (method.equals("PATCH")) {
                project.setAll((ObjectNode) Json.mapper().readTree(body).get("project"));
            }
            send(exchange, 200, "{\"project\":" + project + "}");
        } else {
            role(exchange, method, parts[1] + " " + parts[3] + " " + parts[5], parts[3], parts[5]);
        }
    }

    private void create(HttpExchange exchange, JsonNode given) throws IOException {
        String name = given.get("name").asText();
        if (projects.values().stream()
                .anyMatch(project -> project.get("name").asText().equals(name))) {
            error(exchange, 409, "Conflict occurred attempting to store project", "Conflict");
            return;
        }
        ObjectNode project = projects.get(have(name));
        project.setAll((ObjectNode) given);
        send(exchange, 201, "{\"project\":" + project + "}");
    }

    private void role(HttpExchange exchange, String method, String grant, String user, String role) throws IOException {
        boolean known = users.contains(user) && roles.containsValue(role);
        boolean there = grants.contains(grant);
        if (!known || !method.equals("PUT") && !there) {
            error(exchange, 404, "Could not find role assignment", "Not Found");
            return;
        }
        if (method.equals("PUT")) {
            grants.add(grant);
        } else if (method.equals("DELETE")) {
            grants.remove(grant);
        }
        exchange.sendResponseHeaders(204, -1);
    }

    private static String query(HttpExchange exchange, String name) {
        String query = exchange.getRequestURI().getQuery();
        for (String pair : (query == null ? "" : query).split("&")) {
            if (pair.startsWith(name + "=")) {
                return pair.substring(name.length() + 1);
            }
        }
        return null;
    }

    private static void error(HttpExchange exchange, int status, String message, String title) throws IOException {
        send(
                exchange,
                status,
                "{\"error\":{\"code\":" + status + ",\"message\":\"" + message + "\",\"title\":\"" + title + "\"}}");
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }
}
