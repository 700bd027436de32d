package org.caravan.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.caravan.common.Json;

/** Answers as the real Keystone 22 was seen to answer, as far as tokens go, and misbehaves on demand. */
public final class FakeKeystone implements AutoCloseable {
    public static final String USER = "billing";
    public static final String PASSWORD = "secret-of-billing";
    public static final String CREDENTIAL_SECRET = "secret-of-the-credential";

    /** How it misbehaves. */
    public enum Mood {
        WELL,
        ERROR_500,
        GARBAGE,
        /** Well-formed, but nothing that Keystone says. */
        OTHER_JSON,
        REDIRECT,
        /** Takes the request and never answers. */
        SILENT,
        /** Begins to answer and never ends. */
        STUCK,
        ENDLESS
    }

    private record Token(String user, String project, List<String> roles, Instant issued, Instant expires) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Clock clock;
    private final Map<String, Token> tokens = new ConcurrentHashMap<>();
    private final Map<String, List<String>> projects = new ConcurrentHashMap<>();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final AtomicInteger logins = new AtomicInteger();
    private final AtomicInteger validations = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);

    private volatile Mood mood = Mood.WELL;
    private volatile String password = PASSWORD;
    private volatile Duration life = Duration.ofHours(1);

    public FakeKeystone(Clock clock) throws IOException {
        this.clock = clock;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** As people write it. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v3";
    }

    public void mood(Mood now) {
        mood = now;
    }

    /** The service user's password from now on. */
    public void password(String now) {
        password = now;
    }

    /** How long tokens live that are issued from now on. */
    public void life(Duration now) {
        life = now;
    }

    /** A token for somebody. */
    public String issue(String user, String project, String... roles) {
        String token = "gAAAA" + UUID.randomUUID().toString().replace("-", "");
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        tokens.put(token, new Token(user, project, List.of(roles), now, now.plus(life)));
        return token;
    }

    /** Gives a project a name, and the id of its domain; others are called as their id, in no domain. */
    public void project(String id, String name, String domain) {
        projects.put(id, List.of(name, domain));
    }

    /** Ends one token. */
    public void revoke(String token) {
        tokens.remove(token);
    }

    /** Ends all tokens, the service user's own included, as a change of Keystone's keys does. */
    public void revokeAll() {
        tokens.clear();
    }

    public int logins() {
        return logins.get();
    }

    public int validations() {
        return validations.get();
    }

    /** True if it was ever shown this token. */
    public boolean hasSeen(String token) {
        return seen.contains(token);
    }

    @Override
    public void close() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            boolean login = exchange.getRequestMethod().equals("POST");
            (login ? logins : validations).incrementAndGet();
            if (mood != Mood.WELL) {
                misbehave(exchange);
            } else if (!path.equals("/v3/auth/tokens")) {
                error(exchange, 404, "(http://127.0.0.1): The resource could not be found.", "Not Found");
            } else if (login) {
                login(exchange, Json.mapper().readTree(body));
            } else {
                validate(exchange);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void login(HttpExchange exchange, JsonNode body) throws IOException {
        JsonNode identity = body.at("/auth/identity");
        JsonNode user = identity.at("/password/user");
        boolean byPassword = identity.at("/methods/0").asText().equals("password")
                && user.path("name").asText().equals(USER)
                && user.at("/domain/name").asText().equals("Default")
                && user.path("password").asText().equals(password)
                && body.at("/auth/scope/project/name").asText().equals("service");
        boolean byCredential = identity.at("/methods/0").asText().equals("application_credential")
                && identity.at("/application_credential/secret").asText().equals(CREDENTIAL_SECRET)
                && body.at("/auth/scope").isMissingNode();
        if (!byPassword && !byCredential) {
            error(exchange, 401, "The request you have made requires authentication.", "Unauthorized");
            return;
        }
        String token = issue(USER, "service", "admin", "service");
        exchange.getResponseHeaders().add("X-Subject-Token", token);
        send(exchange, 201, describe(tokens.get(token)));
    }

    private void validate(HttpExchange exchange) throws IOException {
        String own = exchange.getRequestHeaders().getFirst("X-Auth-Token");
        String subject = exchange.getRequestHeaders().getFirst("X-Subject-Token");
        if (subject != null) {
            seen.add(subject);
        }
        Token asker = own == null ? null : valid(own);
        Token asked = subject == null ? null : valid(subject);
        if (asker == null) {
            error(exchange, 401, "The request you have made requires authentication.", "Unauthorized");
        } else if (!asker.roles().contains("admin") && !asker.roles().contains("service")) {
            error(
                    exchange,
                    403,
                    "You are not authorized to perform the requested action: identity:validate_token.",
                    "Forbidden");
        } else if (asked == null) {
            error(exchange, 404, "Could not recognize Fernet token", "Not Found");
        } else {
            send(exchange, 200, describe(asked));
        }
    }

    private Token valid(String token) {
        Token found = tokens.get(token);
        return found != null && clock.instant().isBefore(found.expires()) ? found : null;
    }

    private void misbehave(HttpExchange exchange) throws IOException, InterruptedException {
        switch (mood) {
            case ERROR_500 -> error(exchange, 500, "An unexpected error prevented the server", "Internal Server Error");
            case GARBAGE -> send(exchange, 200, "<html>it works".getBytes(StandardCharsets.UTF_8));
            case OTHER_JSON -> send(exchange, 200, "{\"token\": [1]}".getBytes(StandardCharsets.UTF_8));
            case REDIRECT -> {
                exchange.getResponseHeaders().add("Location", url() + "/elsewhere");
                exchange.sendResponseHeaders(302, -1);
            }
            case STUCK -> {
                exchange.sendResponseHeaders(200, 1000);
                exchange.getResponseBody().write('{');
                exchange.getResponseBody().flush();
                end.await();
            }
            case ENDLESS -> {
                exchange.sendResponseHeaders(200, 0);
                byte[] blanks = " ".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
                for (int i = 0; i < 64; i++) {
                    exchange.getResponseBody().write(blanks);
                }
            }
            default -> end.await();
        }
    }

    private byte[] describe(Token token) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ObjectNode said = root.putObject("token");
        said.putArray("methods").add("password");
        said.putObject("user").put("id", token.user()).put("name", token.user());
        // Keystone writes microseconds, always
        said.put("issued_at", token.issued().toString().replace("Z", ".000000Z"));
        said.put("expires_at", token.expires().toString().replace("Z", ".000000Z"));
        if (token.project() != null) {
            List<String> named = projects.getOrDefault(token.project(), List.of(token.project(), ""));
            said.putObject("project")
                    .put("id", token.project())
                    .put("name", named.get(0))
                    .putObject("domain")
                    .put("id", named.get(1));
            said.put("is_domain", false);
        }
        ArrayNode roles = said.putArray("roles");
        token.roles().forEach(role -> roles.addObject()
                .put("id", UUID.randomUUID().toString())
                .put("name", role));
        return root.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void error(HttpExchange exchange, int status, String message, String title) throws IOException {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.putObject("error").put("code", status).put("message", message).put("title", title);
        send(exchange, status, root.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
