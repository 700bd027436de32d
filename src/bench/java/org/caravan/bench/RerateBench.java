package org.caravan.bench;

import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import org.caravan.hub.db.EmbeddedPostgres;
import org.caravan.hub.db.HubDatabase;
import org.caravan.invoice.Audit;
import org.caravan.invoice.rerate.Reprocessing;
import org.caravan.invoice.rerate.RerateSettings;
import org.caravan.invoice.rerate.Rerating;
import org.caravan.ledger.Ledger;
import org.caravan.ledger.LedgerSchema;
import org.caravan.ledger.LedgerSettings;
import org.caravan.ledger.MonthReader;
import org.caravan.ledger.RollUp;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.MeteringSettings;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageBatches;
import org.caravan.metering.UsageInput;
import org.caravan.rating.ModuleChain;
import org.caravan.rating.TariffFile;
import org.caravan.rating.hashmap.Mapping;
import org.caravan.rating.hashmap.RuleSet;
import org.caravan.rating.hashmap.RuleType;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffHolder;

/**
 * A month of usage, then re-rated: by the same rules, with every price a tenth dearer, and so once more. Run {@code
 * RerateBench [records]}.
 */
final class RerateBench {
    private static final int BATCH = 100_000;
    private static final BigDecimal DEARER = new BigDecimal("1.1");
    private static final Clock CLOCK = Clock.systemUTC();

    private final HubDatabase pool;
    private final TariffHolder tariff;

    private RerateBench(HubDatabase pool, TariffHolder tariff) {
        this.pool = pool;
        this.tariff = tariff;
    }

    public static void main(String[] args) throws Exception {
        long records = args.length > 0 ? Long.parseLong(args[0]) : 1_000_000;
        Path directory = Path.of("target/bench");
        Path usage = BenchUsage.write(directory, records, UsageGenerator.SEED);
        RuleSet rules = TariffFile.read(BenchTariff.write(directory)).ruleSet();
        Path data = Files.createTempDirectory("rerate-bench");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.kept(data, EmbeddedPostgres.defaultCache());
                HubDatabase pool = HubDatabase.open(postgres.start(), 4)) {
            LedgerSchema.migrate(pool.dataSource());
            LedgerSchema.identify(pool.dataSource(), "bench", "NZD", false);
            RerateBench bench = new RerateBench(pool, new TariffHolder(Tariff.compile(rules)));
            bench.timed("first reading", () -> bench.read(usage));
            bench.timed("month read", bench::months);
            bench.timed("re-rated, same rules", bench::rerate);
            for (int i = 1; i <= 2; i++) {
                rules = dearer(rules);
                bench.tariff.set(Tariff.compile(rules));
                bench.timed("re-rated, all dearer", bench::rerate);
            }
            bench.timed("roll-up", () -> RollUp.run(pool.dataSource()));
            bench.timed("month read", bench::months);
            bench.timed("audit", () -> Audit.run(pool.dataSource())
                    .forEach(check -> check.findings().forEach(System.out::println)));
        }
    }

    private static RuleSet dearer(RuleSet rules) {
        List<Mapping> mappings = rules.mappings().stream()
                .map(m -> new Mapping(
                        m.service(),
                        m.field(),
                        m.value(),
                        m.type(),
                        m.type() == RuleType.FLAT ? m.cost().multiply(DEARER) : m.cost(),
                        m.group(),
                        m.tenant(),
                        m.start(),
                        m.end(),
                        m.deleted()))
                .toList();
        return new RuleSet(rules.services(), rules.groups(), mappings, rules.thresholds());
    }

    private interface Work {
        void run() throws Exception;
    }

    private void timed(String name, Work work) throws Exception {
        long start = System.nanoTime();
        long cpu = cpu();
        work.run();
        System.out.printf(
                "%-22s %6.2f s (%.2f s of our processor time); %s%n",
                name, (System.nanoTime() - start) / 1e9, (cpu() - cpu) / 1e9, state());
    }

    private void read(Path file) throws Exception {
        Ledger ledger = new Ledger(pool.dataSource(), LedgerSettings.defaults(), CLOCK);
        ModuleChain rater = new ModuleChain(tariff);
        try (InputStream in = Files.newInputStream(file);
                UsageBatches batches = UsageBatches.csv(
                        UsageInput.of(in, "bench"),
                        MeteringSettings.defaults().withBatchSize(BATCH),
                        MeterCatalog.empty(),
                        CLOCK)) {
            while (batches.hasNext()) {
                UsageBatch batch = batches.next();
                rater.rate(batch);
                ledger.commit(batch);
            }
        }
        RollUp.run(pool.dataSource());
    }

    private void months() throws Exception {
        for (String month : List.of("2026-09", "2026-10", "2026-11")) {
            new MonthReader(pool.dataSource()).openTenants(YearMonth.parse(month), tenant -> {});
        }
    }

    private void rerate() throws Exception {
        Instant from = Instant.parse("2020-01-01T00:00:00Z");
        new Reprocessing(pool.dataSource(), "default", CLOCK)
                .reset(new Reprocessing.Wanted(List.of(Reprocessing.ALL), from, null, "bench", "bench"));
        new Rerating(
                        pool.dataSource(),
                        LedgerSettings.defaults(),
                        MeterCatalog.empty(),
                        tariff,
                        RerateSettings.defaults(),
                        CLOCK)
                .runDue(() -> false);
    }

    private String state() throws Exception {
        try (Connection connection = pool.dataSource().getConnection();
                Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(
                        "select count(*) || ' entries, ' || trim_scale(sum(amount)) || ', kept beside the archives: '"
                                + " || (select coalesce(sum(length(prices)), 0) >> 10 from repriced) || ' KiB' from entry")) {
            row.next();
            return row.getString(1);
        }
    }

    /** Of this process, in nanoseconds: what it takes where others keep the machine busy. */
    private static long cpu() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getProcessCpuTime();
    }
}
