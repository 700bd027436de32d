package org.caravan.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.caravan.common.Json;
import org.caravan.metering.Meter;
import org.caravan.metering.Price;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;
import org.caravan.rating.ModuleChain;
import org.caravan.rating.TariffFile;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffHolder;

/**
 * How many records one core rates per second: batches of 50,000 records of 20,000 keys, by several groups with thresholds,
 * in turns with a bare loop that finds a price by key and multiplies; beside it by one rule, and by the exact way for numbers
 * that no long holds. Nothing is kept from one record to the next. Prints one JSON line.
 */
public final class RatingBench {
    private static final int KEYS = 20_000;
    private static final int ROWS = 50_000;
    private static final int BATCHES = 200;
    private static final int WARM_UP = 40;
    private static final int TURNS = 5;
    private static final Price[] BARE = {
        new Price("t", List.of("a"), new BigDecimal("0.0481"), true),
        new Price("t", List.of("b"), new BigDecimal("0.0962"), true)
    };
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
        double[] seconds = new double[TURNS];
        double[] limits = new double[TURNS];
        double[] ratios = new double[TURNS];
        UsageBatch groups = batch("groups");
        for (int turn = 0; turn < TURNS; turn++) {
            seconds[turn] = seconds(groups, chain::rate);
            requireAllPriced(groups);
            limits[turn] = seconds(groups, RatingBench::bareLoop);
            ratios[turn] = limits[turn] / seconds[turn];
        }
        long records = (long) ROWS * BATCHES;
        ObjectNode line = Json.mapper().createObjectNode();
        line.put("bench", "rating").put("records", records);
        line.put("seconds", rounded(median(seconds))).put("limitSeconds", rounded(median(limits)));
        line.put("ratioToLimit", rounded(median(ratios)));
        line.put("recordsPerSecond", Math.round(records / median(seconds)));
        for (String meter : new String[] {"linear", "exact"}) {
            line.put(meter + "RecordsPerSecond", Math.round(records / seconds(batch(meter), chain::rate)));
        }
        System.out.println(line);
    }

    /** A record that was refused would cost nothing. */
    private static void requireAllPriced(UsageBatch batch) {
        for (int row = 0; row < batch.size(); row++) {
            if (batch.isRejected(row)
                    || batch.quantity(row) > 0 && batch.amountValue(row).signum() <= 0) {
                throw new IllegalStateException("row " + row + " has no price: " + batch.amountValue(row));
            }
        }
    }

    /** Seconds for all batches, after a warm-up. */
    private static double seconds(UsageBatch batch, Consumer<UsageBatch> rate) {
        for (int i = 0; i < WARM_UP; i++) {
            rate.accept(batch);
        }
        long start = System.nanoTime();
        for (int i = 0; i < BATCHES; i++) {
            rate.accept(batch);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** The limit: a price found by the record's key, times the quantity, checked for overflow, kept as a price. */
    private static void bareLoop(UsageBatch batch) {
        batch.startPricing();
        for (int row = 0; row < batch.size(); row++) {
            Price price = BARE[batch.keyIndex(row) & 1];
            batch.price(
                    row,
                    price,
                    Math.multiplyExact(
                            batch.quantity(row),
                            price.unitPrice().unscaledValue().longValue()),
                    batch.quantityScale(row) + price.unitPrice().scale());
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
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
