package org.caravan.ledger;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.hub.db.HubDatabase;
import org.caravan.metering.PositionRange;
import org.caravan.testing.Batches;

/** A hub of a test, in a process of its own: commits one batch per hour of usage, each with every tenant in it. */
public final class HubProcess {
    private static final int TENANTS = 40;
    private static final int RESOURCES = 5;
    private static final Instant START = Instant.parse("2026-10-01T00:00:00Z");

    private HubProcess() {}

    /** URL, user and password of the ledger; name of the source; first hour; number of hours; seconds of lockWait. */
    public static void main(String[] args) throws Exception {
        DatabaseAccess access = new DatabaseAccess(args[0], args[1], args[2]);
        int first = Integer.parseInt(args[4]);
        int count = Integer.parseInt(args[5]);
        Duration lockWait = Duration.ofSeconds(Long.parseLong(args[6]));
        LedgerSettings defaults = LedgerSettings.defaults();
        LedgerSettings settings = new LedgerSettings(
                defaults.maxSeriesInMemory(), defaults.recentBatches(), lockWait, defaults.maxRawBytes());
        try (HubDatabase pool = HubDatabase.open(access, 4)) {
            Ledger ledger = new Ledger(pool.dataSource(), settings, Clock.systemUTC());
            for (int hour = first; hour < first + count; hour++) {
                Batches batch = new Batches();
                for (int tenant = 0; tenant < TENANTS; tenant++) {
                    for (int resource = 0; resource < RESOURCES; resource++) {
                        batch.usage(
                                "tenant-" + tenant,
                                "vm-" + resource,
                                "instance",
                                quantity(hour, tenant, resource).toPlainString(),
                                "0.048",
                                START.plus(Duration.ofHours(hour)).toString(),
                                1);
                    }
                }
                int from = (hour - first) * TENANTS * RESOURCES;
                ledger.commit(batch.build(new PositionRange(
                        args[3], "only", from, from + TENANTS * RESOURCES, hour == first + count - 1)));
            }
        }
    }

    private static BigDecimal quantity(int hour, int tenant, int resource) {
        return BigDecimal.valueOf((hour * 7L + tenant * 3L + resource) % 100 + 1, 2);
    }

    /** Records in the first so many hours. */
    static long records(int hours) {
        return (long) hours * TENANTS * RESOURCES;
    }

    /** Their quantity. */
    static BigDecimal quantity(int hours) {
        BigDecimal sum = BigDecimal.ZERO;
        for (int hour = 0; hour < hours; hour++) {
            for (int tenant = 0; tenant < TENANTS; tenant++) {
                for (int resource = 0; resource < RESOURCES; resource++) {
                    sum = sum.add(quantity(hour, tenant, resource));
                }
            }
        }
        return sum;
    }
}
