package org.caravan.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.caravan.common.Json;
import org.caravan.testing.KafkaBroker;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * From a Kafka topic to a committed ledger, beside Kafka's own consumers and the same parser on the same topic in the same
 * minutes.
 *
 * <p>Runs alternate (ours, limit, ours, limit, ...), each in a JVM of its own, the broker in another. What each tenant is
 * billed must agree to the last digit with DuckDB's sums of the same records, or the benchmark fails. Prints one JSON line.
 */
@Command(name = "kafka", mixinStandardHelpOptions = true)
final class KafkaBench implements java.util.concurrent.Callable<Integer> {
    private static final String TOPIC = "usage";

    @Option(names = "--records", defaultValue = "3000000", description = "messages of the topic")
    private long records;

    @Option(names = "--partitions", defaultValue = "12", description = "partitions of the topic")
    private int partitions;

    @Option(names = "--consumers", defaultValue = "2", description = "consumers, of ours and of the limit")
    private int consumers;

    @Option(names = "--xmx", defaultValue = "1g", description = "heap of either process")
    private String xmx;

    @Option(names = "--pairs", defaultValue = "3", description = "how often both are run")
    private int pairs;

    @Option(names = "--seed", defaultValue = UsageGenerator.SEED + "")
    private long seed;

    @Option(names = "--dir", defaultValue = "target/bench", description = "scratch directory")
    private Path directory;

    @Option(names = "--set", description = "a setting of the hub, key=value")
    private List<String> settings = new ArrayList<>();

    @Option(names = "--jfr", description = "record our runs into files below --dir")
    private boolean jfr;

    private KafkaBench() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new KafkaBench()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        if (records < 1 || pairs < 1) {
            System.err.println("--records and --pairs must be at least 1");
            return 2;
        }
        Path usage = BenchUsage.write(directory, records, seed);
        Path tariff = BenchTariff.write(directory);
        Path logs = directory.resolve("kafka-logs");
        LedgerRun.deleteAll(logs);
        try (KafkaBroker broker = KafkaBroker.start(logs, "1g")) {
            long messages = KafkaLoad.send(broker, TOPIC, partitions, usage);
            System.err.println(messages + " messages sent");
            ChildProcess.run(
                    DuckDbRun.class,
                    List.of(),
                    List.of(usage.toString(), expected().toString()));
            return measure(broker, tariff, messages);
        } finally {
            LedgerRun.deleteAll(logs);
        }
    }

    private int measure(KafkaBroker broker, Path tariff, long messages) throws IOException, InterruptedException {
        List<RunResult> ours = new ArrayList<>();
        List<RunResult> limits = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (int pair = 1; pair <= pairs; pair++) {
            RunResult run = ours(broker, tariff, messages, pair);
            System.err.println("pair " + pair + ": caravan " + decimal(run.seconds()) + " s");
            if (!Files.readAllLines(totals(), StandardCharsets.UTF_8)
                    .equals(Files.readAllLines(expected(), StandardCharsets.UTF_8))) {
                System.err.println("sums differ: " + totals() + " and " + expected());
                return 1;
            }
            RunResult limit = limit(broker, messages);
            System.err.println("pair " + pair + ": limit " + decimal(limit.seconds()) + " s");
            ours.add(run);
            limits.add(limit);
            ratios.add(limit.seconds() / run.seconds());
        }
        System.out.println(report(ours, limits, ratios, messages));
        return 0;
    }

    private RunResult ours(KafkaBroker broker, Path tariff, long messages, int pair)
            throws IOException, InterruptedException {
        List<String> jvm = new ArrayList<>(List.of("-XX:+UseParallelGC", "-Xmx" + xmx));
        if (jfr) {
            jvm.add("-XX:StartFlightRecording=settings=profile,filename="
                    + directory.resolve("kafka-" + pair + ".jfr"));
        }
        List<String> arguments = new ArrayList<>(List.of(
                broker.address(),
                TOPIC,
                Long.toString(messages),
                tariff.toString(),
                directory.resolve("run").toString(),
                totals().toString(),
                "caravan.kafka.consumers=" + consumers));
        arguments.addAll(settings);
        return ChildProcess.run(KafkaRun.class, jvm, arguments);
    }

    private RunResult limit(KafkaBroker broker, long messages) throws IOException, InterruptedException {
        return ChildProcess.run(
                KafkaLimitRun.class,
                List.of("-XX:+UseParallelGC", "-Xmx" + xmx),
                List.of(
                        broker.address(),
                        TOPIC,
                        Integer.toString(partitions),
                        Integer.toString(consumers),
                        Long.toString(messages),
                        "20000",
                        Integer.toString(32 << 20)));
    }

    private Path totals() {
        return directory.resolve("totals-ledger.txt");
    }

    private Path expected() {
        return directory.resolve("totals-duckdb.txt");
    }

    private String report(List<RunResult> ours, List<RunResult> limits, List<Double> ratios, long messages) {
        double seconds = median(ours.stream().map(RunResult::seconds).toList());
        double limit = median(limits.stream().map(RunResult::seconds).toList());
        ObjectNode node = Json.mapper().createObjectNode();
        node.put("bench", "kafka").put("records", messages).put("seconds", decimal(seconds));
        node.put("recordsPerSecond", Math.round(messages / seconds));
        node.put("ratioToLimit", decimal(median(ratios)));
        node.put("limitSeconds", decimal(limit)).put("limitRecordsPerSecond", Math.round(messages / limit));
        node.put("repeat", pairs).put("coldSeconds", decimal(ours.get(0).seconds()));
        node.put("consumers", consumers).put("partitions", partitions).put("xmx", xmx);
        node.put("entries", ours.get(0).rows());
        node.put("peakRssMiB", max(ours.stream().map(RunResult::peakRssMiB).toList()));
        node.put("peakHeapMiB", max(ours.stream().map(RunResult::peakHeapMiB).toList()));
        node.put(
                "databasePeakRssMiB",
                max(ours.stream().map(RunResult::databasePeakRssMiB).toList()));
        return node.toString();
    }

    private static long max(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).max().orElseThrow();
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static BigDecimal decimal(double value) {
        return BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP);
    }
}
