package org.caravan.testing;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * Usage for topics whose sums are known without any of Caravan's code: the n-th record is always the same. Priced by {@link
 * #TARIFF}.
 */
public final class KafkaUsage {
    /** A tariff file that prices an hour at {@link #PRICE}. */
    public static final String TARIFF =
            "currency: NZD\nservices:\n  instance:\n    mappings: [{type: flat, cost: \"0.048\"}]\n";

    public static final BigDecimal PRICE = new BigDecimal("0.048");

    private static final Instant START = Instant.parse("2026-10-01T00:00:00Z");
    private static final int HOURS_OF_A_MONTH = 744;

    private final int tenants;
    private final int resources;

    /** Records in all, quantity and amount. */
    public record Totals(long records, BigDecimal quantity, BigDecimal amount) {
        public static final Totals NONE = new Totals(0, BigDecimal.ZERO, BigDecimal.ZERO);

        Totals plus(BigDecimal more) {
            return new Totals(records + 1, quantity.add(more), amount.add(more.multiply(PRICE)));
        }

        @Override
        public String toString() {
            return records + " records, " + plain(quantity) + ", " + plain(amount);
        }

        private static String plain(BigDecimal value) {
            return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
        }
    }

    public KafkaUsage(int tenants, int resources) {
        this.tenants = tenants;
        this.resources = resources;
    }

    /** The tenant of a record. */
    public String tenant(long n) {
        return "tenant-" + n % tenants;
    }

    /** The record as caravan-jsonl. */
    public String json(long n) {
        long series = n % ((long) tenants * resources);
        long hour = n / ((long) tenants * resources) % HOURS_OF_A_MONTH;
        Instant begin = START.plus(Duration.ofHours(hour));
        return "{\"id\":\"r-" + n + "\",\"tenant\":\"" + tenant(n) + "\",\"datacenter\":\"nz-1\",\"resource\":\"vm-"
                + series / tenants + "\",\"meter\":\"instance\",\"quantity\":\""
                + quantity(n).toPlainString()
                + "\",\"unit\":\"hour\",\"begin\":\"" + begin + "\",\"end\":\"" + begin.plus(Duration.ofHours(1))
                + "\",\"metadata\":{\"flavor\":\"m" + series % 5 + "\"}}";
    }

    /** Records from one number up to another, that one not included. */
    public List<String> json(long from, long to) {
        List<String> records = new ArrayList<>();
        for (long n = from; n < to; n++) {
            records.add(json(n));
        }
        return records;
    }

    private static BigDecimal quantity(long n) {
        return BigDecimal.valueOf((n * 7919 + 13) % 999_983 + 1, 3);
    }

    /** What records from one number up to another come to, by tenant. */
    public Map<String, Totals> totals(long from, long to) {
        return totals(LongStream.range(from, to).boxed().toList());
    }

    /** What records come to, by tenant. */
    public Map<String, Totals> totals(Collection<Long> numbers) {
        Map<String, Totals> totals = new TreeMap<>();
        for (long n : numbers) {
            totals.put(tenant(n), totals.getOrDefault(tenant(n), Totals.NONE).plus(quantity(n)));
        }
        return totals;
    }
}
