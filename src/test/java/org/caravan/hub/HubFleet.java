package org.caravan.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.KafkaBroker;
import org.caravan.testing.KafkaUsage;

/** Hubs of one group on one ledger, each {@code caravan run} in a process of its own. */
final class HubFleet implements AutoCloseable {
    private static final Path HOME = Path.of("").toAbsolutePath();
    private static final long END_SECONDS = 300;
    private static final int MOST_FAILED_STARTS = 20;

    private final Path directory;
    private int failedStarts;
    private final List<String> settings;
    private final List<Process> hubs = new CopyOnWriteArrayList<>();

    /** For a test that is broken off. */
    private final Thread atTheEnd = new Thread(this::endAll, "end-test-hubs");

    HubFleet(Path directory, DatabaseAccess ledger, KafkaBroker broker, String topic, String... more)
            throws IOException {
        this.directory = directory;
        Path tariff = Files.writeString(directory.resolve("tariff.yaml"), KafkaUsage.TARIFF);
        settings = new ArrayList<>(List.of(
                "caravan.tariff=" + tariff,
                "caravan.ledger.url=" + ledger.url(),
                "caravan.ledger.user=" + ledger.user(),
                "caravan.ledger.password=" + ledger.password(),
                "caravan.ledger.connections=6",
                "caravan.ledger.lockWait=6s",
                "caravan.management.port=0",
                "caravan.api.port=0",
                "caravan.close.auto=false",
                "caravan.kafka.brokers=" + broker.address(),
                "caravan.kafka.topic=" + topic,
                "caravan.kafka.batchRecords=500",
                "caravan.kafka.batchWait=20ms",
                "caravan.kafka.maxRetryDelay=2s",
                "caravan.kafka.look=500ms",
                "caravan.kafka.answerTimeout=4s",
                "caravan.kafka.sessionTimeout=3s"));
        settings.addAll(List.of(more));
        Runtime.getRuntime().addShutdownHook(atTheEnd);
    }

    /** Starts one more. */
    Process start() throws IOException {
        return start("256m");
    }

    /** As {@link #start()}, with a heap of a size. */
    Process start(String heap) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "org.caravan.hub.Caravan",
                "run"));
        settings.forEach(setting -> command.addAll(List.of("--set", setting)));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("hubs.log").toFile()));
        builder.environment().put("CARAVAN_HOME", HOME.toString());
        Process hub = builder.start();
        hubs.add(hub);
        return hub;
    }

    /** One that runs. */
    Process get(int index) {
        return hubs.get(index);
    }

    int size() {
        return hubs.size();
    }

    /**
     * Starts again, as a service manager does, a hub whose start failed as its database or brokers went away.
     *
     * @throws AssertionError if one has ended by itself that ran already
     */
    void check() throws IOException {
        for (Process hub : List.copyOf(hubs)) {
            if (!hub.isAlive()) {
                if (hub.exitValue() != 1
                        || Files.readString(directory.resolve("hubs.log"))
                                .contains("caravan: running as process " + hub.pid() + ";")
                        || ++failedStarts > MOST_FAILED_STARTS) {
                    throw new AssertionError("a hub ended by itself with code " + hub.exitValue() + ":\n" + said());
                }
                hubs.remove(hub);
                start();
            }
        }
    }

    /** Starts that failed. */
    int failedStarts() {
        return failedStarts;
    }

    void kill(int index) throws InterruptedException {
        hubs.remove(index).destroyForcibly().waitFor();
    }

    /** Tells it to end in order. */
    void end(int index) throws InterruptedException {
        Process hub = hubs.remove(index);
        hub.destroy();
        if (!hub.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            hub.destroyForcibly().waitFor();
            throw new AssertionError("a hub that was told to end did not within " + END_SECONDS + " s");
        }
    }

    /** Stops it where it stands, and lets it go on. */
    void freeze(int index, long millis) throws Exception {
        signal("STOP", hubs.get(index));
        Thread.sleep(millis);
        signal("CONT", hubs.get(index));
    }

    private static void signal(String name, Process process) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    /** The newest lines of all hubs. */
    String said() {
        try {
            List<String> lines = Files.readAllLines(directory.resolve("hubs.log"));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        endAll();
        Runtime.getRuntime().removeShutdownHook(atTheEnd);
    }

    private void endAll() {
        hubs.forEach(Process::destroyForcibly);
    }
}
