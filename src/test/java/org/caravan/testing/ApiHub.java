package org.caravan.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.caravan.common.Json;
import org.caravan.hub.Run;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.openapi.Contract;

/** A hub in this process that serves its APIs on a port of the loopback interface, on a database of the test's. */
public final class ApiHub implements AutoCloseable {
    private final Run run;
    private final int port;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private String token;

    private ApiHub(Run run, int port) {
        this.run = run;
        this.port = port;
    }

    /**
     * What was answered.
     *
     * @param json the body, or a missing node
     */
    public record Reply(int status, JsonNode json, HttpResponse<String> response) {
        public String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }

        public String body() {
            return response.body();
        }
    }

    /** Starts one without authentication, and waits until it runs; what it throws at the start is thrown here. */
    public static ApiHub start(Path directory, DatabaseAccess database, String... settings) throws Exception {
        return start(directory, database, Clock.systemUTC(), settings);
    }

    /** As above, by a clock of the test's. */
    public static ApiHub start(Path directory, DatabaseAccess database, Clock clock, String... settings)
            throws Exception {
        int port = freePort();
        List<String> all = new ArrayList<>(List.of(
                "caravan.ledger.url=" + database.url(),
                "caravan.ledger.user=" + database.user(),
                "caravan.ledger.password=" + database.password(),
                "caravan.ledger.connections=8",
                "caravan.currency=EUR",
                "caravan.close.auto=false",
                "caravan.out=" + directory,
                "caravan.management.port=0",
                "caravan.auth=none",
                "caravan.api.port=" + port));
        all.addAll(List.of(settings));
        HubConfig config =
                new HubConfig.Builder(Path.of(""), directory).set(all).build();
        ApiHub hub = new ApiHub(new Run(config, clock), port);
        CompletableFuture<Void> started = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        hub.run.run(() -> started.complete(null));
                        hub.ended.complete(null);
                    } catch (Exception | Error e) {
                        started.completeExceptionally(e);
                        hub.ended.completeExceptionally(e);
                    }
                },
                "test-hub");
        thread.start();
        try {
            started.get(2, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
        return hub;
    }

    /** A port that nobody listens on now. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public int port() {
        return port;
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** From here on every request shows this key; null = none. */
    public ApiHub as(String key) {
        token = key;
        return this;
    }

    public Reply get(String path) throws Exception {
        return send("GET", path, null);
    }

    public Reply post(String path, String body) throws Exception {
        return send("POST", path, body);
    }

    public Reply put(String path, String body) throws Exception {
        return send("PUT", path, body);
    }

    public Reply delete(String path) throws Exception {
        return send("DELETE", path, null);
    }

    /** @param body JSON, or null */
    public Reply send(String method, String path, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (token != null) {
            request.header("X-Auth-Token", token);
        }
        HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        check(method, path, response);
        return new Reply(response.statusCode(), json(response.body()), response);
    }

    /** Every answer of every test is as the contract's file says. */
    private static void check(String method, String path, HttpResponse<String> response) {
        Map<String, String> headers = new HashMap<>();
        response.headers().map().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
        Contract.rating().check(method, path, response.statusCode(), headers, body);
        Contract.subscription().check(method, path, response.statusCode(), headers, body);
        Contract.reseller().check(method, path, response.statusCode(), headers, body);
    }

    private static JsonNode json(String body) {
        try {
            return Json.mapper().readTree(body);
        } catch (JsonProcessingException e) {
            return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
        }
    }

    @Override
    public void close() throws Exception {
        run.stop();
        ended.get(2, TimeUnit.MINUTES);
    }
}
