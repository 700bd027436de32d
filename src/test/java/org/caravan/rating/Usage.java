package org.caravan.rating;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.caravan.metering.Meter;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;

/** Builds batches for tests of rating. */
public final class Usage {
    public static final Instant BEGIN = Instant.parse("2026-10-01T00:00:00Z");

    private final UsageBatch batch = new UsageBatch(4);
    private long position = 1;

    public static UsageKey key(String tenant, Meter meter, Map<String, Object> metadata) {
        return new UsageKey("default", tenant, "dc1", "r1", meter, "h", metadata, meter.name(), "");
    }

    public static UsageKey key(String tenant, String meter, Map<String, Object> metadata) {
        return key(tenant, Meter.unlisted(meter), metadata);
    }

    public static Meter meter(String name, String... pricing) {
        return new Meter(
                name,
                true,
                null,
                null,
                null,
                null,
                false,
                null,
                Meter.Identity.INTERVAL,
                List.of(),
                false,
                List.of(pricing));
    }

    public Usage add(UsageKey key, String quantity) {
        return add(key, quantity, BEGIN);
    }

    public Usage add(UsageKey key, String quantity, Instant begin) {
        long micros = begin.getEpochSecond() * 1_000_000 + begin.getNano() / 1_000;
        batch.add(key, new BigDecimal(quantity), micros, micros + 3_600_000_000L, position++);
        return this;
    }

    /** Sets the price that the last record came with. */
    public Usage given(String price) {
        batch.lastGivenPrice(new BigDecimal(price));
        return this;
    }

    public Usage id(String id) {
        byte[] utf8 = id.getBytes(StandardCharsets.UTF_8);
        batch.lastId(utf8, 0, utf8.length);
        return this;
    }

    /** Leaves out a position, as an unreadable line does. */
    public Usage skip() {
        position++;
        return this;
    }

    public UsageBatch batch() {
        return batch;
    }
}
