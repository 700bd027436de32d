package org.caravan.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.caravan.hub.db.EmbeddedPostgres;
import org.caravan.hub.db.HubDatabase;
import org.caravan.ledger.CommitResult;
import org.caravan.ledger.Ledger;
import org.caravan.ledger.LedgerSchema;
import org.caravan.ledger.LedgerSettings;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.MeteringSettings;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageBatches;
import org.caravan.metering.UsageInput;
import org.caravan.rating.ModuleChain;
import org.caravan.rating.TariffFile;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffHolder;

/**
 * A file read once, then again with other batch borders, then again in another order: everything but the first reading
 * bills nothing, and should cost no more. Run {@code RepeatBench [records]}.
 */
final class RepeatBench {
    private static final int BATCH = 100_000;
    private static final int OTHER_BATCH = 70_001;

    private final Ledger ledger;
    private final ModuleChain rater;

    private RepeatBench(Ledger ledger, ModuleChain rater) {
        this.ledger = ledger;
        this.rater = rater;
    }

    public static void main(String[] args) throws Exception {
        long records = args.length > 0 ? Long.parseLong(args[0]) : 1_000_000;
        Path directory = Path.of("target/bench");
        Path usage = BenchUsage.write(directory, records, UsageGenerator.SEED);
        TariffFile.Result tariff = TariffFile.read(BenchTariff.write(directory));
        Path shuffled = shuffled(usage);
        Path data = Files.createTempDirectory("repeat-bench");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.kept(data, EmbeddedPostgres.defaultCache());
                HubDatabase pool = HubDatabase.open(postgres.start(), 4)) {
            LedgerSchema.migrate(pool.dataSource());
            Ledger ledger = new Ledger(pool.dataSource(), LedgerSettings.defaults(), Clock.systemUTC());
            RepeatBench bench =
                    new RepeatBench(ledger, new ModuleChain(new TariffHolder(Tariff.compile(tariff.ruleSet()))));
            bench.read("first reading", usage, BATCH);
            bench.read("again, other borders", usage, OTHER_BATCH);
            bench.read("again, shuffled", shuffled, BATCH);
            bench.read("again, other borders", usage, OTHER_BATCH);
        }
    }

    private void read(String name, Path file, int batchSize) throws Exception {
        long accepted = 0;
        long duplicates = 0;
        long others = 0;
        long committing = 0;
        long start = System.nanoTime();
        long cpu = cpu();
        try (InputStream in = Files.newInputStream(file);
                UsageBatches batches = UsageBatches.csv(
                        UsageInput.of(in, name),
                        MeteringSettings.defaults().withBatchSize(batchSize),
                        MeterCatalog.empty(),
                        Clock.systemUTC())) {
            while (batches.hasNext()) {
                UsageBatch batch = batches.next();
                rater.rate(batch);
                long before = System.nanoTime();
                CommitResult result = ledger.commit(batch);
                committing += System.nanoTime() - before;
                accepted += result.accepted();
                duplicates += result.duplicate();
                others += result.conflict() + result.quarantined();
            }
        }
        System.out.printf(
                "%-22s %6.2f s (%.2f s of our processor time), of it committing %6.2f s: %d accepted, %d duplicate, %d other;"
                        + " heap used %d MiB%n",
                name,
                (System.nanoTime() - start) / 1e9,
                (cpu() - cpu) / 1e9,
                committing / 1e9,
                accepted,
                duplicates,
                others,
                Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory() >> 20);
    }

    /** Of this process, in nanoseconds: what it takes where others keep the machine busy. */
    private static long cpu() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getProcessCpuTime();
    }

    /** The same lines in another order, beside the file; made once. */
    private static Path shuffled(Path csv) throws IOException {
        Path shuffled = csv.resolveSibling(csv.getFileName() + ".shuffled.csv");
        if (Files.exists(shuffled)) {
            return shuffled;
        }
        byte[] content = Files.readAllBytes(csv);
        List<Integer> starts = new ArrayList<>();
        for (int i = 0; i < content.length - 1; i++) {
            if (content[i] == '\n') {
                starts.add(i + 1);
            }
        }
        int header = starts.get(0);
        Collections.shuffle(starts, new Random(1));
        Path part = shuffled.resolveSibling(shuffled.getFileName() + ".part");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part))) {
            out.write(content, 0, header);
            for (int start : starts) {
                int end = start;
                while (content[end] != '\n') {
                    end++;
                }
                out.write(content, start, end + 1 - start);
            }
        }
        return Files.move(part, shuffled);
    }
}
