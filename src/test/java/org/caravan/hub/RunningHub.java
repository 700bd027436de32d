package org.caravan.hub;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.db.DatabaseAccess;

/** The hub that stays, within the test's process and with a ledger on the tests' server. */
final class RunningHub implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Run run;
    private final Thread thread;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    final Run.Running running;

    /** Something that comes to be true. */
    interface Condition {
        boolean holds() throws Exception;
    }

    private RunningHub(Supplier<HubConfig> config, Clock clock) throws Exception {
        run = new Run(config, clock);
        CompletableFuture<Run.Running> started = new CompletableFuture<>();
        thread = new Thread(
                () -> {
                    try {
                        run.run(() -> started.complete(run.running()));
                        ended.complete(null);
                    } catch (Exception | Error e) {
                        started.completeExceptionally(e);
                        ended.completeExceptionally(e);
                    }
                },
                "test-hub");
        thread.start();
        running = started.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Starts it with the project's routes; waits until everything runs. */
    static RunningHub start(DatabaseAccess ledger, Path inbox, Clock clock, String... settings) throws Exception {
        HubConfig config = config(ledger, inbox, settings);
        return new RunningHub(() -> config, clock);
    }

    /** As {@link #start}, with a configuration that may be read again. */
    static RunningHub start(Supplier<HubConfig> config) throws Exception {
        return new RunningHub(config, Clock.systemUTC());
    }

    static HubConfig config(DatabaseAccess ledger, Path inbox, String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "caravan.tariff=" + Path.of("examples/tariff.yaml").toAbsolutePath(),
                "caravan.meters=" + Path.of("examples/meters.yaml").toAbsolutePath(),
                "caravan.ledger.url=" + ledger.url(),
                "caravan.ledger.user=" + ledger.user(),
                "caravan.ledger.password=" + ledger.password(),
                "caravan.ledger.connections=6",
                "caravan.management.port=0",
                "caravan.api.port=0",
                "caravan.close.auto=false",
                "caravan.inbox=" + inbox,
                "caravan.inbox.rest=200ms",
                "caravan.inbox.poll=100ms"));
        all.addAll(List.of(settings));
        return new HubConfig.Builder(Path.of(""), Path.of("")).set(all).build();
    }

    /** Waits until something holds; the deadline is for a test that fails. */
    static void await(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain: " + what);
            }
            Thread.sleep(50);
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The first column of the first row, as text. */
    static String ask(DatabaseAccess ledger, String sql) throws SQLException {
        try (Connection connection = connect(ledger);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    static void execute(DatabaseAccess ledger, String sql) throws SQLException {
        try (Connection connection = connect(ledger);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static Connection connect(DatabaseAccess ledger) throws SQLException {
        return DriverManager.getConnection(ledger.url(), ledger.user(), ledger.password());
    }

    @Override
    public void close() throws Exception {
        run.stop();
        ended.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
