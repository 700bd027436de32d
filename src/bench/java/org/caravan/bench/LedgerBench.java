package org.caravan.bench;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.sql.DataSource;
import org.caravan.hub.db.EmbeddedPostgres;
import org.caravan.hub.db.HubDatabase;
import org.caravan.ledger.Ledger;
import org.caravan.ledger.LedgerSchema;
import org.caravan.ledger.LedgerSettings;
import org.caravan.metering.Meter;
import org.caravan.metering.Price;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;

/** The commit alone: rated batches made in memory, 20,000 resources in order of hours, into a durable ledger. */
public final class LedgerBench {
    private LedgerBench() {}

    public static void main(String[] args) throws Exception {
        int batchSize = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
        int total = args.length > 1 ? Integer.parseInt(args[1]) : 5_000_000;
        int resources = 20_000;
        Meter meter = Meter.unlisted("instance");
        UsageKey[] keys = new UsageKey[resources];
        Price[] prices = new Price[10];
        for (int i = 0; i < prices.length; i++) {
            prices[i] = new Price("t", List.of("rule" + i), BigDecimal.valueOf(481 + i, 4), true);
        }
        for (int i = 0; i < resources; i++) {
            Map<String, Object> metadata = Map.of("flavor", "m1." + i % 10, "name", "vm-" + i, "os", "linux");
            keys[i] = new UsageKey(
                    "default",
                    "tenant-" + i % 1000,
                    "dc" + i % 3,
                    "resource-" + i,
                    meter,
                    "hour",
                    metadata,
                    "instance",
                    "");
        }
        Path data = Files.createTempDirectory("ledger-bench");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.kept(data, EmbeddedPostgres.defaultCache())) {
            HubDatabase pool = HubDatabase.open(postgres.start(), 4);
            DataSource dataSource = pool.dataSource();
            LedgerSchema.migrate(dataSource);
            Ledger ledger = new Ledger(dataSource, LedgerSettings.defaults(), Clock.systemUTC());
            Random random = new Random(1);
            long start = Instant.parse("2026-10-01T00:00:00Z").toEpochMilli() * 1000;
            long spent = 0;
            byte[] id = new byte[8];
            for (int done = 0; done < total; ) {
                UsageBatch batch = new UsageBatch(batchSize);
                for (int i = 0; i < batchSize; i++, done++) {
                    long begin = start + done / resources * 3_600_000_000L;
                    UsageKey key = keys[done % resources];
                    int row = batch.add(key, random.nextInt(1_000_000), 3, begin, begin + 3_600_000_000L, done);
                    random.nextBytes(id);
                    byte[] hex = HexFormat.of().formatHex(id).getBytes();
                    batch.lastId(hex, 0, hex.length);
                }
                batch.startPricing();
                for (int i = 0; i < batchSize; i++) {
                    Price price = prices[(int) ((batch.position(i) % resources) % 10)];
                    batch.price(
                            i,
                            price,
                            batch.quantity(i)
                                    * price.unitPrice().unscaledValue().longValue(),
                            7);
                }
                long before = System.nanoTime();
                ledger.commit(batch);
                long took = System.nanoTime() - before;
                spent += took;
                if (done / batchSize % 10 == 0) {
                    System.out.printf("%d: last %.1f ms%n", done, took / 1e6);
                }
            }
            System.out.printf("%d records, %.3f s, %.0f records/s%n", total, spent / 1e9, total / (spent / 1e9));
        }
    }
}
