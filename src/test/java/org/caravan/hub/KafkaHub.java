package org.caravan.hub;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.hub.db.EmbeddedPostgres;
import org.caravan.testing.Database;
import org.caravan.testing.KafkaBroker;
import org.caravan.testing.KafkaUsage;

/** A hub within the test's process that reads a topic, with a ledger of its own. */
final class KafkaHub implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    static final Instant NOW = Instant.parse("2026-11-05T12:00:00Z");

    final Path directory;
    private final Path data;
    private final DatabaseAccess external;
    private final List<String> settings = new ArrayList<>();
    private Run run;
    private CompletableFuture<Void> ended;

    /** Where the ledger is. */
    enum Ledger {
        /** In the hub's own PostgreSQL. */
        EMBEDDED,
        /** In a server that the hub is told of. */
        EXTERNAL
    }

    /** The ledger of those tests that run on either; -Pchaos has them run on the other than the build does. */
    static final Ledger LEDGER = Ledger.valueOf(System.getProperty("caravan.kafka.ledger", "EXTERNAL"));

    KafkaHub(Path directory, KafkaBroker broker, String topic, String... more) throws Exception {
        this(directory, LEDGER, broker, topic, more);
    }

    KafkaHub(Path directory, Ledger ledger, KafkaBroker broker, String topic, String... more) throws Exception {
        this.directory = directory;
        this.data = directory.resolve("data");
        this.external = ledger == Ledger.EXTERNAL ? Database.freshAccess() : null;
        Path tariff = Files.writeString(directory.resolve("tariff.yaml"), KafkaUsage.TARIFF);
        settings.addAll(List.of(
                "caravan.tariff=" + tariff,
                "caravan.ledger.connections=8",
                "caravan.management.port=0",
                "caravan.api.port=0",
                "caravan.close.auto=false",
                "caravan.kafka.brokers=" + broker.address(),
                "caravan.kafka.topic=" + topic,
                "caravan.kafka.group=" + topic,
                "caravan.kafka.batchWait=50ms",
                "caravan.kafka.maxRetryDelay=1s",
                "caravan.kafka.look=200ms",
                "caravan.kafka.answerTimeout=3s",
                "caravan.kafka.sessionTimeout=6s"));
        settings.addAll(
                external == null
                        ? List.of("caravan.data=" + data)
                        : List.of(
                                "caravan.ledger.url=" + external.url(),
                                "caravan.ledger.user=" + external.user(),
                                "caravan.ledger.password=" + external.password()));
        settings.addAll(List.of(more));
    }

    /** Says a setting otherwise, from its next start on. */
    KafkaHub set(String assignment) {
        settings.add(assignment);
        return this;
    }

    /** Starts it, for the first time or again; waits until everything runs. */
    KafkaHub start() throws Exception {
        return start(Clock.offset(Clock.systemUTC(), Duration.between(Instant.now(), NOW)));
    }

    KafkaHub start(Clock clock) throws Exception {
        HubConfig config =
                new HubConfig.Builder(Path.of(""), Path.of("")).set(settings).build();
        run = new Run(config, clock);
        ended = new CompletableFuture<>();
        CompletableFuture<Void> started = new CompletableFuture<>();
        new Thread(
                        () -> {
                            try {
                                run.run(() -> started.complete(null));
                                ended.complete(null);
                            } catch (Exception | Error e) {
                                started.completeExceptionally(e);
                                ended.completeExceptionally(e);
                            }
                        },
                        "test-hub")
                .start();
        started.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return this;
    }

    /** Ends it in order. */
    @Override
    public void close() throws Exception {
        if (run != null) {
            run.stop();
            ended.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            run = null;
        }
    }

    /** How its ledger is reached, while it runs. */
    DatabaseAccess ledger() {
        return external != null ? external : EmbeddedPostgres.running(data).orElseThrow();
    }

    /** The first column of the first row, as text. */
    String ask(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    /** All rows, their columns with blanks between. */
    List<String> rows(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                List<String> columns = new ArrayList<>();
                for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
                    columns.add(row.getString(column));
                }
                rows.add(String.join(" ", columns));
            }
        }
        return rows;
    }

    /** Changes the ledger, whether the hub runs or not. */
    int execute(String sql) throws SQLException {
        if (external != null || run != null) {
            return execute(ledger(), sql);
        }
        try (EmbeddedPostgres postgres = EmbeddedPostgres.kept(data, EmbeddedPostgres.defaultCache())) {
            return execute(postgres.start(), sql);
        }
    }

    private static int execute(DatabaseAccess access, String sql) throws SQLException {
        try (Connection connection = connect(access);
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    private Connection connect() throws SQLException {
        return connect(ledger());
    }

    private static Connection connect(DatabaseAccess access) throws SQLException {
        return DriverManager.getConnection(access.url(), access.user(), access.password());
    }

    /** What the ledger bills, by tenant. */
    Map<String, KafkaUsage.Totals> totals() throws SQLException {
        Map<String, KafkaUsage.Totals> totals = new TreeMap<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        """
                        select t.name, sum(e.records), sum(e.quantity), sum(e.amount)
                          from entry e join tenant t on t.id = e.tenant group by t.name
                        """)) {
            while (row.next()) {
                totals.put(
                        row.getString(1),
                        new KafkaUsage.Totals(row.getLong(2), row.getBigDecimal(3), row.getBigDecimal(4)));
            }
        }
        return totals;
    }

    /** Something that comes to be true. */
    interface Condition {
        boolean holds() throws Exception;
    }

    /** Waits until something holds; the deadline is for a test that fails. */
    void await(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (ended.isCompletedExceptionally()) {
                ended.get();
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain: " + what + "; sources: "
                        + ask("select string_agg(concat_ws(' ', name, rated_until, last_error), '; ') from source")
                        + "; partitions: "
                        + ask("select string_agg(concat_ws(' ', partition, value, log_start, log_end, stopped), '; ')"
                                + " from topic_partition join position using (source, key)"));
            }
            Thread.sleep(30);
        }
    }

    /** Waits until so many messages are in the ledger, by the sum of its positions. */
    void awaitRead(long messages) throws Exception {
        await(messages + " messages are read", () -> read() >= messages);
    }

    private long read() throws SQLException {
        String read = ask("select sum(value) from position");
        return read == null ? 0 : Long.parseLong(read);
    }
}
