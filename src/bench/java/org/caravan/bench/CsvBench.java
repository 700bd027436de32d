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
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * From a CSV file to a committed ledger, beside DuckDB doing the same on the same file in the same minutes.
 *
 * <p>Runs alternate (ours, limit, ours, limit, ...), each in a JVM of its own. After each pair the sums of every tenant
 * must agree to the last digit, or the benchmark fails. Prints one JSON line.
 */
@Command(name = "csv", mixinStandardHelpOptions = true)
final class CsvBench implements java.util.concurrent.Callable<Integer> {
    private static final String WITH_USAGE = "2026-10";

    /** Nothing is closed: closing is no part of what is compared. */
    private static final String WITHOUT_USAGE = "2026-09";

    @Option(names = "--records", defaultValue = "5000000", description = "lines of the usage file")
    private long records;

    @Option(names = "--xmx", defaultValue = "512m", description = "heap of our process")
    private String xmx;

    @Option(names = "--pairs", defaultValue = "3", description = "how often both are run")
    private int pairs;

    @Option(names = "--seed", defaultValue = UsageGenerator.SEED + "")
    private long seed;

    @Option(names = "--dir", defaultValue = "target/bench", description = "scratch directory")
    private Path directory;

    @Option(names = "--memory", description = "run ours alone, and close the month too: memory without the comparison")
    private boolean memory;

    private CsvBench() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new CsvBench()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        if (records < 1 || pairs < 1) {
            System.err.println("--records and --pairs must be at least 1");
            return 2;
        }
        Path usage = BenchUsage.write(directory, records, seed);
        Path tariff = BenchTariff.write(directory);
        List<RunResult> ours = new ArrayList<>();
        List<RunResult> limits = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (int pair = 1; pair <= pairs; pair++) {
            RunResult run = ours(usage, tariff);
            ours.add(run);
            say("pair " + pair + ": caravan " + decimal(run.seconds()) + " s");
            if (!memory) {
                RunResult limit = limit(usage);
                limits.add(limit);
                ratios.add(limit.seconds() / run.seconds());
                say("pair " + pair + ": duckdb " + decimal(limit.seconds()) + " s");
                String difference = difference();
                if (difference != null) {
                    System.err.println("sums differ between ledger and DuckDB: " + difference);
                    return 1;
                }
            }
        }
        System.out.println(report(ours, limits, ratios));
        return 0;
    }

    private RunResult ours(Path usage, Path tariff) throws IOException, InterruptedException {
        return ChildProcess.run(
                LedgerRun.class,
                // as the launcher does
                List.of("-XX:+UseParallelGC", "-Xmx" + xmx),
                List.of(
                        usage.toString(),
                        tariff.toString(),
                        directory.resolve("run").toString(),
                        ledgerTotals().toString(),
                        memory ? WITH_USAGE : WITHOUT_USAGE));
    }

    private RunResult limit(Path usage) throws IOException, InterruptedException {
        return ChildProcess.run(
                DuckDbRun.class,
                List.of(),
                List.of(usage.toString(), limitTotals().toString()));
    }

    private Path ledgerTotals() {
        return directory.resolve("totals-ledger.txt");
    }

    private Path limitTotals() {
        return directory.resolve("totals-duckdb.txt");
    }

    /** The first line in which the tenants' totals differ, or null. */
    private String difference() throws IOException {
        List<String> ledger = Files.readAllLines(ledgerTotals(), StandardCharsets.UTF_8);
        List<String> limit = Files.readAllLines(limitTotals(), StandardCharsets.UTF_8);
        for (int i = 0; i < Math.max(ledger.size(), limit.size()); i++) {
            String a = i < ledger.size() ? ledger.get(i) : "nothing";
            String b = i < limit.size() ? limit.get(i) : "nothing";
            if (!a.equals(b)) {
                return a + " / " + b;
            }
        }
        return limit.isEmpty() ? "both are empty" : null;
    }

    private String report(List<RunResult> ours, List<RunResult> limits, List<Double> ratios) {
        double seconds = median(ours.stream().map(RunResult::seconds).toList());
        ObjectNode node = Json.mapper().createObjectNode();
        node.put("bench", memory ? "memory" : "csv").put("records", records).put("seconds", decimal(seconds));
        node.put("recordsPerSecond", Math.round(records / seconds));
        node.put(
                "peakRssMiB",
                ours.stream().mapToLong(RunResult::peakRssMiB).max().orElseThrow());
        if (memory) {
            node.put(
                    "billSeconds",
                    decimal(median(ours.stream().map(RunResult::wholeSeconds).toList())));
        } else {
            node.put("ratioToLimit", decimal(median(ratios)));
            node.put(
                    "limitSeconds",
                    decimal(median(limits.stream().map(RunResult::seconds).toList())));
        }
        node.put("repeat", pairs).put("coldSeconds", decimal(ours.get(0).seconds()));
        node.put("xmx", xmx).put("entries", ours.get(0).rows());
        node.put(
                "peakHeapMiB",
                ours.stream().mapToLong(RunResult::peakHeapMiB).max().orElseThrow());
        node.put(
                "databasePeakRssMiB",
                ours.stream().mapToLong(RunResult::databasePeakRssMiB).max().orElseThrow());
        return node.toString();
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static BigDecimal decimal(double value) {
        return BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP);
    }

    private static void say(String progress) {
        System.err.println(progress);
    }
}
