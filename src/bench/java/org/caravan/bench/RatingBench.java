package org.caravan.bench;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import org.caravan.metering.Meter;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;
import org.caravan.rating.ModuleChain;
import org.caravan.rating.TariffFile;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffHolder;

/**
 * How many records one core rates per second: batches of 50,000 records of 20,000 keys, by one rule, by several groups
 * with thresholds, and by the exact way for numbers that no long holds. Prints one JSON line per case.
 */
public final class RatingBench {
    private static final int KEYS = 20_000;
    private static final int ROWS = 50_000;
    private static final int BATCHES = 200;
    private static final int WARM_UP = 40;
    private static final long HOUR_MICROS = 3_600_000_000L;

    private static final String TARIFF =
            """
            currency: NZD
            groups: [compute, licence]
            services:
              linear:
                fields: {flavor: {mappings: [{value: f1, cost: 0.048}, {value: f2, cost: 0.096}]}}
              groups:
                mappings: [{cost: 0.01, group: compute}]
                thresholds: [{level: 50, type: rate, cost: 0.9, group: compute}, {level: 500, cost: -1, group: compute}]
                fields:
                  flavor: {mappings: [{value: f1, cost: 0.048, group: compute}, {value: f2, cost: 0.096, group: compute}]}
                  image: {mappings: [{value: windows, cost: 0.02, group: licence}]}
              exact:
                mappings: [{cost: 0.1234567890123456789012345678}]
            """;

    private RatingBench() {}

    public static void main(String[] arguments) {
        ModuleChain chain = new ModuleChain(new TariffHolder(
                Tariff.compile(TariffFile.parse(TARIFF, "bench").ruleSet())));
        for (String meter : new String[] {"linear", "groups", "exact"}) {
            UsageBatch batch = batch(meter);
            for (int i = 0; i < WARM_UP; i++) {
                chain.rate(batch);
            }
            long start = System.nanoTime();
            for (int i = 0; i < BATCHES; i++) {
                chain.rate(batch);
            }
            BigDecimal seconds = BigDecimal.valueOf(System.nanoTime() - start, 9);
            long records = (long) ROWS * BATCHES;
            System.out.println("{\"bench\":\"rating-" + meter + "\",\"records\":" + records + ",\"seconds\":"
                    + seconds.setScale(3, RoundingMode.HALF_UP) + ",\"recordsPerSecond\":"
                    + BigDecimal.valueOf(records).divide(seconds, 0, RoundingMode.HALF_UP) + "}");
        }
    }

    private static UsageBatch batch(String name) {
        Meter meter = Meter.unlisted(name);
        UsageKey[] keys = new UsageKey[KEYS];
        for (int i = 0; i < KEYS; i++) {
            keys[i] = new UsageKey(
                    UsageKey.DEFAULT_REALM,
                    "tenant" + i % 1_000,
                    "dc1",
                    "resource" + i,
                    meter,
                    "h",
                    Map.of("flavor", i % 3 == 0 ? "f1" : "f2", "image", i % 5 == 0 ? "windows" : "linux"),
                    name,
                    "");
        }
        UsageBatch batch = new UsageBatch(ROWS);
        for (int row = 0; row < ROWS; row++) {
            long begin = 1_790_000_000_000_000L + row / KEYS * HOUR_MICROS;
            batch.add(keys[row % KEYS], row * 7_919L % 1_000_000, 3, begin, begin + HOUR_MICROS, row);
        }
        return batch;
    }
}
