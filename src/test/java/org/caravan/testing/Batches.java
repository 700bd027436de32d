package org.caravan.testing;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.caravan.metering.Meter;
import org.caravan.metering.PositionRange;
import org.caravan.metering.Price;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;

/** Makes rated batches by hand: one unit price per meter, keys interned as a reader would. */
public final class Batches {
    private final Map<List<Object>, UsageKey> keys = new HashMap<>();
    private final Map<String, Price> prices = new HashMap<>();
    private UsageBatch batch = new UsageBatch(16);

    /** Appends a record of {@code hours} hours priced at {@code unitPrice} per unit. */
    public Batches usage(
            String tenant, String resource, String meter, String quantity, String unitPrice, String begin, int hours) {
        return usage(
                key(tenant, resource, meter, Map.of(), Meter.Identity.INTERVAL), quantity, unitPrice, begin, hours);
    }

    public Batches usage(UsageKey key, String quantity, String unitPrice, String begin, int hours) {
        long from = micros(Instant.parse(begin));
        int row = batch.add(key, new BigDecimal(quantity), from, from + hours * 3_600_000_000L, batch.size());
        Price price = prices.computeIfAbsent(
                key.meter().name() + " " + unitPrice,
                k -> new Price("test", List.of(k), new BigDecimal(unitPrice), true));
        pendingPrices.put(row, price);
        return this;
    }

    private final Map<Integer, Price> pendingPrices = new HashMap<>();

    public Batches id(String id) {
        byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
        batch.lastId(bytes, 0, bytes.length);
        return this;
    }

    public UsageKey key(
            String tenant, String resource, String meter, Map<String, Object> metadata, Meter.Identity identity) {
        return keys.computeIfAbsent(List.of(tenant, resource, meter, metadata, identity), k -> {
            Meter described = new Meter(
                    meter, true, null, null, "hour", null, false, null, identity, List.of(), false, List.of("hashmap"));
            return new UsageKey("default", tenant, "dc1", resource, described, "hour", metadata, meter, "");
        });
    }

    /** Ends the batch, priced, without position. */
    public UsageBatch build(PositionRange... positions) {
        UsageBatch built = batch;
        built.startPricing();
        pendingPrices.forEach(
                (row, price) -> built.price(row, price, price.unitPrice().multiply(built.quantityValue(row))));
        built.setPositions(List.of(positions));
        pendingPrices.clear();
        batch = new UsageBatch(16);
        return built;
    }

    public static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }
}
