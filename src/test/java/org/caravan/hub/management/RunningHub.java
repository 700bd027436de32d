package org.caravan.hub.management;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.caravan.hub.Run;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.db.DatabaseAccess;

/** A hub in this process, on a database of the test's, with its management port on the loopback interface. */
final class RunningHub implements AutoCloseable {
    final int port;
    private final Run run;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final HttpClient client = HttpClient.newHttpClient();

    private RunningHub(Run run, int port) {
        this.run = run;
        this.port = port;
    }

    /** Starts it and waits until it runs; what it throws at the start is thrown here. */
    static RunningHub start(Path directory, DatabaseAccess database, String... settings) throws Exception {
        int port = freePort();
        List<String> all = new ArrayList<>(List.of(
                "caravan.ledger.url=" + database.url(),
                "caravan.ledger.user=" + database.user(),
                "caravan.ledger.password=" + database.password(),
                "caravan.tariff=" + Path.of("examples/tariff.yaml").toAbsolutePath(),
                "camel.kamelet.csv-directory-sink.directory=" + directory,
                "caravan.api.port=0",
                "caravan.management.port=" + port));
        all.addAll(List.of(settings));
        HubConfig config =
                new HubConfig.Builder(Path.of(""), directory).set(all).build();
        RunningHub hub = new RunningHub(new Run(config, clock()), port);
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

    /** Goes on as the system's does, from a day that the test's data belong to. */
    private static Clock clock() {
        Clock system = Clock.systemUTC();
        return Clock.offset(system, Duration.between(system.instant(), Instant.parse("2026-11-05T12:00:00Z")));
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Asks under a name of choice and answers the status line. */
    String statusFor(String host, String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
        }
    }

    /** What must come true in the end. */
    interface Condition {
        boolean holds() throws Exception;
    }

    static void await(Condition condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain");
            }
            Thread.sleep(50);
        }
    }

    @Override
    public void close() throws Exception {
        run.stop();
        ended.get(2, TimeUnit.MINUTES);
    }
}
