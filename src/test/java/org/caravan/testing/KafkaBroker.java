package org.caravan.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * A real broker for tests: one node of KRaft in a process of its own, on ports and logs that it keeps over restarts.
 *
 * <p>Listens on the loopback interface only, holds no topic that nobody made, and takes messages up to 20 MB.
 */
public final class KafkaBroker implements AutoCloseable {
    private static final long READY_SECONDS = 300;
    private static final int START_ATTEMPTS = 3;
    private static final long PAUSE_MILLIS = 100;

    private final Path directory;
    private final boolean ownsDirectory;
    private final String heap;
    private int port;
    private int controllerPort;
    private Process process;

    private KafkaBroker(Path directory, boolean ownsDirectory, String heap) {
        try {
            this.directory = Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.ownsDirectory = ownsDirectory;
        this.heap = heap;
    }

    /** The broker that the tests of a process share; ends with the process. Stopping it is nobody's right. */
    public static KafkaBroker shared() {
        return Shared.BROKER;
    }

    private static final class Shared {
        static final KafkaBroker BROKER = start();

        private static KafkaBroker start() {
            try {
                KafkaBroker broker = KafkaBroker.start(Files.createTempDirectory("caravan-kafka-"), true, "384m");
                Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "stop-test-broker"));
                return broker;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Starts a broker of one's own with its logs in the directory. */
    public static KafkaBroker start(Path directory) {
        return start(directory, false, "256m");
    }

    /** As {@link #start(Path)}, with a heap such as {@code 1g}. */
    public static KafkaBroker start(Path directory, String heap) {
        return start(directory, false, heap);
    }

    private static KafkaBroker start(Path directory, boolean ownsDirectory, String heap) {
        KafkaBroker broker = new KafkaBroker(directory, ownsDirectory, heap);
        for (int attempt = 1; ; attempt++) {
            broker.port = freePort();
            broker.controllerPort = freePort();
            try {
                broker.start();
                return broker;
            } catch (IllegalStateException e) {
                // someone else may have got the port in between
                if (attempt == START_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** {@code host:port}. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** What a client of this broker needs to know at least. */
    public Map<String, Object> client() {
        Map<String, Object> properties = new TreeMap<>();
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, address());
        return properties;
    }

    public Topics topics() {
        return new Topics(client());
    }

    /** Starts again, on the same port and logs; returns once it answers. */
    public void start() {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException("the broker runs");
        }
        try {
            Path config = directory.resolve("server.properties");
            try (var out = Files.newBufferedWriter(config)) {
                config().store(out, null);
            }
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx" + heap,
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=" + (heap.endsWith("g") ? 4 : 1),
                    "-Dlog4j2.configurationFile=" + log4j(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    KafkaBrokerProcess.class.getName(),
                    config.toString()));
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            directory.resolve("broker.log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitReady();
    }

    /** Tells it to end, and waits until it has. */
    public void stop() {
        end(false);
    }

    /** Ends it as a power cut would end its process. */
    public void kill() {
        end(true);
    }

    /** As {@link ProcessHandle#pid()}. */
    public long pid() {
        return process.pid();
    }

    private void end(boolean forcibly) {
        if (forcibly) {
            process.destroyForcibly();
        } else {
            process.destroy();
        }
        try {
            if (!process.waitFor(READY_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    @Override
    public void close() {
        // nothing of it is kept, so there is nothing to end in order
        end(true);
        if (ownsDirectory) {
            delete(directory);
        }
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        Map<String, Object> properties = client();
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 30_000);
        properties.put(AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG, 50);
        properties.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 100);
        try (Admin admin = Admin.create(properties)) {
            while (process.isAlive() && System.nanoTime() < deadline) {
                try {
                    if (!admin.describeCluster().nodes().get().isEmpty()) {
                        return;
                    }
                } catch (ExecutionException notYet) {
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String said = said();
        end(true);
        throw new IllegalStateException("the broker did not start; it said last: " + said);
    }

    private String said() {
        try {
            List<String> lines = Files.readAllLines(directory.resolve("broker.log"));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private Properties config() {
        Properties config = new Properties();
        config.setProperty("process.roles", "broker,controller");
        config.setProperty("node.id", "1");
        config.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        config.setProperty("controller.listener.names", "CONTROLLER");
        config.setProperty("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        config.setProperty("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        config.setProperty("log.dirs", directory.resolve("logs").toString());
        config.setProperty("auto.create.topics.enable", "false");
        config.setProperty("offsets.topic.replication.factor", "1");
        config.setProperty("offsets.topic.num.partitions", "1");
        config.setProperty("transaction.state.log.replication.factor", "1");
        config.setProperty("transaction.state.log.min.isr", "1");
        config.setProperty("transaction.state.log.num.partitions", "1");
        config.setProperty("group.initial.rebalance.delay.ms", "0");
        config.setProperty("group.min.session.timeout.ms", "1000");
        config.setProperty("message.max.bytes", Integer.toString(20 << 20));
        config.setProperty("replica.fetch.max.bytes", Integer.toString(20 << 20));
        config.setProperty("log.retention.check.interval.ms", "1000");
        config.setProperty("log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20));
        return config;
    }

    private static String log4j() {
        return KafkaBroker.class.getResource("kafka-broker-log4j2.xml").toString();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // what is left lies in the system's temporary directory
            return;
        }
    }
}
