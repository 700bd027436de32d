package org.caravan.bench;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.sql.DataSource;
import org.caravan.ledger.Ledger;
import org.caravan.ledger.LedgerSettings;
import org.caravan.metering.Meter;
import org.caravan.metering.Price;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;

/**
 * Puts October's usage into a ledger, rated and in order of hours: 20,000 resources of some tenants, each an hour of one of
 * ten meters. What measures a ledger that is there already begins with it.
 */
final class LedgerFill {
    static final int RESOURCES = 20_000;
    static final int METERS = 10;

    private static final int BATCH = 100_000;
    private static final Instant START = Instant.parse("2026-10-01T00:00:00Z");

    private LedgerFill() {}

    /** Commits so many records, at most 744 hours of them, and lets PostgreSQL look at what it has. */
    static void fill(DataSource database, Clock clock, int records, int tenants) throws Exception {
        Ledger ledger = new Ledger(database, LedgerSettings.defaults(), clock);
        Price[] prices = new Price[METERS];
        UsageKey[] keys = new UsageKey[RESOURCES];
        for (int i = 0; i < METERS; i++) {
            prices[i] = new Price("t", List.of("rule" + i), BigDecimal.valueOf(481 + i, 4), true);
        }
        for (int i = 0; i < RESOURCES; i++) {
            keys[i] = new UsageKey(
                    UsageKey.DEFAULT_REALM,
                    "tenant-" + i % tenants,
                    "dc" + i % 3,
                    "resource-" + i,
                    Meter.unlisted("meter-" + i / 1_000 % METERS),
                    "hour",
                    Map.of("flavor", "m1." + i % 7, "name", "vm-" + i, "os", "linux"),
                    "product",
                    "");
        }
        Random random = new Random(1);
        long start = START.getEpochSecond() * 1_000_000;
        for (int done = 0; done < records; ) {
            UsageBatch batch = new UsageBatch(BATCH);
            int size = Math.min(BATCH, records - done);
            for (int i = 0; i < size; i++, done++) {
                long begin = start + done / RESOURCES * 3_600_000_000L;
                batch.add(keys[done % RESOURCES], random.nextInt(1_000_000), 3, begin, begin + 3_600_000_000L, -1);
            }
            batch.startPricing();
            for (int row = 0; row < size; row++) {
                Price price = prices[batch.keyIndex(row) % METERS];
                batch.price(
                        row,
                        price,
                        batch.quantity(row) * price.unitPrice().unscaledValue().longValue(),
                        7);
            }
            ledger.commit(batch);
            System.err.printf("%,d records%n", done);
        }
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("vacuum analyze");
        }
    }
}
