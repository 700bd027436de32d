package org.caravan.hub.connector.check;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands in a target's place on the loopback interface: hands requests on to it, and does to them what the {@link Wire} says. */
final class FaultProxy implements AutoCloseable {
    private static final int MAX_BODY_BYTES = 64 << 20;
    private static final long PAIR_MILLIS = 300;

    /** Of one connection, or made anew on the next one; and what would make answers unreadable here. */
    private static final Set<String> HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "host",
            "content-length",
            "expect",
            "http2-settings",
            "accept-encoding");

    private final String origin;
    private final Wire wire;
    private final long limitMillis;
    private final HttpServer server;
    private final HttpClient client;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "connector-test-proxy");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Begins to listen on a free port.
     *
     * @param origin scheme and authority of the target
     * @param limit longest wait for an answer of the target, and longest time that one is held back
     */
    FaultProxy(String origin, Wire wire, Duration limit) {
        this.origin = origin;
        this.wire = wire;
        this.limitMillis = limit.toMillis();
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(limit)
                .executor(threads)
                .build();
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** What stands in the place of the target's scheme and authority. */
    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
            if (body.length > MAX_BODY_BYTES) {
                answer(exchange, 413, Map.of(), new byte[0]);
                return;
            }
            String path = exchange.getRequestURI().toString();
            Wire.Request request = wire.request(exchange.getRequestMethod(), path, body);
            Wire.Act act = wire.act(request);
            if (act.kind() == Wire.Kind.ANSWERED) {
                wire.passed(new Wire.Passed(request, act.kind(), 0, new byte[0], false));
                said(exchange, act);
                return;
            }
            if (act.kind() == Wire.Kind.PAIRED) {
                wire.awaitPair(PAIR_MILLIS);
            }
            HttpResponse<byte[]> answer;
            try {
                answer = forward(exchange, path, body);
            } catch (IOException e) {
                wire.away(origin + " can't be reached: " + e.getClass().getSimpleName()
                        + (e.getMessage() == null ? "" : ": " + e.getMessage()));
                wire.passed(new Wire.Passed(request, act.kind(), 0, new byte[0], false));
                return;
            }
            end(exchange, request, act, answer);
        } catch (IOException e) {
            // the connector is gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end(HttpExchange exchange, Wire.Request request, Wire.Act act, HttpResponse<byte[]> answer)
            throws IOException, InterruptedException {
        byte[] body = answer.body();
        boolean told = act.kind() == Wire.Kind.WELL || act.kind() == Wire.Kind.PAIRED;
        boolean edited = false;
        if (act.kind() == Wire.Kind.EDITED) {
            String text = new String(body, StandardCharsets.ISO_8859_1);
            edited = text.contains(act.text());
            body = text.replace(act.text(), act.into()).getBytes(StandardCharsets.ISO_8859_1);
            told = !edited;
        }
        wire.passed(new Wire.Passed(
                request,
                act.kind() == Wire.Kind.EDITED && !edited ? Wire.Kind.WELL : act.kind(),
                answer.statusCode(),
                answer.body(),
                told));
        switch (act.kind()) {
            case LOST -> {}
            case HELD -> wire.awaitHeal(limitMillis);
            case REPLACED -> said(exchange, act);
            default -> answer(exchange, answer.statusCode(), answer.headers().map(), body);
        }
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, String path, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(origin + path))
                .timeout(Duration.ofMillis(limitMillis))
                .method(
                        exchange.getRequestMethod(),
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!HOP.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static void said(HttpExchange exchange, Wire.Act act) throws IOException {
        Map<String, List<String>> headers = act.retryAfter() == null
                ? Map.of("Content-Type", List.of("application/json"))
                : Map.of("Content-Type", List.of("application/json"), "Retry-After", List.of(act.retryAfter()));
        answer(
                exchange,
                act.status(),
                headers,
                "{\"error\":\"made by caravan connector test\"}".getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(HttpExchange exchange, int status, Map<String, List<String>> headers, byte[] body)
            throws IOException {
        headers.forEach((name, values) -> {
            if (!name.startsWith(":") && !HOP.contains(name.toLowerCase(Locale.ROOT))) {
                exchange.getResponseHeaders().put(name, values);
            }
        });
        boolean empty = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, empty ? -1 : body.length);
        if (!empty) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
