package org.caravan.bench;

import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes seeded usage: the examples that ship with the project, or the data set of the benchmarks. */
@Command(name = "usage-generator", mixinStandardHelpOptions = true)
public final class UsageGenerator {
    static final long SEED = 20261001;

    private UsageGenerator() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new UsageGenerator()).execute(args));
    }

    @Command(name = "bench", description = "Writes the benchmark's usage and tariff.", mixinStandardHelpOptions = true)
    int bench(
            @Option(names = "--records", defaultValue = "5000000", description = "lines, repetitions included")
                    long records,
            @Option(names = "--out", defaultValue = "target/bench", description = "directory") Path out,
            @Option(names = "--seed", defaultValue = SEED + "") long seed)
            throws Exception {
        System.out.println(BenchUsage.write(out, records, seed));
        System.out.println(BenchTariff.write(out));
        return 0;
    }

    @Command(
            name = "examples",
            description = "Writes the example month and the small one.",
            mixinStandardHelpOptions = true)
    int examples(
            @Option(names = "--out", defaultValue = "examples", description = "directory") Path out,
            @Option(names = "--seed", defaultValue = SEED + "") long seed)
            throws Exception {
        System.out.println("october.csv: " + ExampleFile.october(seed).writeTo(out.resolve("october.csv")));
        System.out.println(
                "october-small.jsonl: " + ExampleFile.small(seed).writeTo(out.resolve("october-small.jsonl")));
        return 0;
    }
}
