package org.caravan.bench;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.YearMonth;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.caravan.hub.Bill;
import org.caravan.hub.BillListener;
import org.caravan.hub.BillRequest;
import org.caravan.hub.BillSummary;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.hub.db.EmbeddedPostgres;

/**
 * Ours: {@code caravan bill --data} with the project's own routes into a new durable ledger, in a process of its own.
 *
 * <p>The measured time runs from the first byte of usage to the last commit; closing and delivery come after it.
 */
final class LedgerRun {
    private LedgerRun() {}

    /**
     * Arguments: usage file, tariff file, scratch directory, the file to write the totals of the tenants to, the month to
     * bill. Usage is read whatever the month; only October has any to close.
     */
    public static void main(String[] args) throws Exception {
        // as the command line does, before the first logger
        System.setProperty("log4j2.configurationFile", "classpath:org/caravan/hub/log4j2.xml");
        Path usage = Path.of(args[0]).toAbsolutePath();
        Path scratch = Path.of(args[2]).toAbsolutePath();
        Path data = scratch.resolve("data");
        Path totals = Path.of(args[3]);
        deleteAll(scratch);
        Files.createDirectories(scratch);

        Path here = Path.of("").toAbsolutePath();
        HubConfig config = new HubConfig.Builder(here, here)
                .option("--tariff", Settings.TARIFF, Path.of(args[1]).toAbsolutePath())
                .option("--out", Settings.OUT, scratch.resolve("out"))
                .option("--data", Settings.DATA, data)
                .build();
        BillRequest request =
                new BillRequest(YearMonth.parse(args[4]), List.of(new BillRequest.UsageFile(usage.toString(), usage)));
        AtomicLong databasePeak = sampleDatabase();
        Span span = new Span();
        long start = System.nanoTime();
        BillSummary summary = new Bill(config, request, span, Clock.systemUTC()).run();
        long whole = System.nanoTime() - start;
        long rss = Memory.peakRssMiB();
        long heap = Memory.peakHeapMiB();
        if (summary.records().conflict()
                        + summary.records().quarantined()
                        + summary.records().unpriced()
                > 0) {
            throw new IllegalStateException("the benchmark's usage must be clean: " + summary.records());
        }
        long entries = writeTotals(data, totals);
        deleteAll(scratch);
        System.out.println(new RunResult(span.nanos(), whole, entries, rss, heap, databasePeak.get()).json());
        System.exit(0);
    }

    /** Reads the ledger with a server started anew: what it finds was really kept. */
    static long writeTotals(Path data, Path file) throws SQLException, IOException {
        long entries = 0;
        TenantTotals totals = new TenantTotals();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.kept(data, EmbeddedPostgres.defaultCache())) {
            DatabaseAccess access = postgres.start();
            try (Connection connection = DriverManager.getConnection(access.url(), access.user(), access.password());
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(
                            "select t.name, sum(e.quantity), sum(e.amount), "
                                    + "sum(e.records), count(*) from entry e join tenant t on t.id = e.tenant group by t.name")) {
                while (rows.next()) {
                    BigDecimal quantity = rows.getBigDecimal(2);
                    totals.add(rows.getString(1), quantity, rows.getBigDecimal(3), rows.getLong(4));
                    entries += rows.getLong(5);
                }
            }
        }
        totals.write(file);
        return entries;
    }

    private static AtomicLong sampleDatabase() {
        AtomicLong peak = new AtomicLong();
        Thread sampler = new Thread(
                () -> {
                    try {
                        while (true) {
                            peak.accumulateAndGet(Memory.descendantsRssMiB(), Math::max);
                            Thread.sleep(500);
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "database-memory");
        sampler.setDaemon(true);
        sampler.start();
        return peak;
    }

    static void deleteAll(Path directory) throws IOException {
        if (Files.exists(directory)) {
            List<Path> paths;
            try (var walk = Files.walk(directory)) {
                paths = walk.sorted(java.util.Comparator.reverseOrder()).toList();
            }
            for (Path path : paths) {
                Files.delete(path);
            }
        }
    }

    /** From the first byte read to the step that follows the last commit. */
    private static final class Span implements BillListener {
        private final AtomicLong start = new AtomicLong();
        private final AtomicLong end = new AtomicLong();

        @Override
        public void reading(long bytes, long of) {
            if (start.get() == 0) {
                start.compareAndSet(0, System.nanoTime());
            }
        }

        @Override
        public void step(String name) {
            if (start.get() != 0) {
                end.compareAndSet(0, System.nanoTime());
            }
        }

        @Override
        public void delivering(long done, long of) {}

        long nanos() {
            if (start.get() == 0 || end.get() == 0) {
                throw new IllegalStateException("the run told of no reading, or of no step after it");
            }
            return end.get() - start.get();
        }
    }
}
