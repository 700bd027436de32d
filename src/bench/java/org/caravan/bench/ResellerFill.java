package org.caravan.bench;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.caravan.ledger.Ledger;
import org.caravan.ledger.LedgerSettings;
import org.caravan.metering.Meter;
import org.caravan.metering.Price;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;

/** A reseller with clients, two projects each, and what their resources used, a record a day. */
final class ResellerFill {
    static final String RESELLER = "bench";

    private static final int BATCH = 100_000;
    private static final long DAY = 86_400_000_000L;
    private static final List<String> METERS =
            List.of("instance", "instance", "volume.size", "volume.size", "ip.floating", "network.outgoing.bytes");

    private final DataSource database;
    private final Ledger ledger;
    private final UsageKey[] keys;
    private final Price[] prices = new Price[METERS.size()];

    ResellerFill(DataSource database, Clock clock, int clients, int resources) {
        this.database = database;
        this.ledger = new Ledger(database, LedgerSettings.defaults(), clock);
        this.keys = new UsageKey[resources];
        for (int i = 0; i < prices.length; i++) {
            prices[i] = new Price("t", List.of("rule" + i), BigDecimal.valueOf(59 + i, 4), true);
        }
        for (int i = 0; i < resources; i++) {
            String meter = METERS.get(i / clients % METERS.size());
            keys[i] = new UsageKey(
                    UsageKey.DEFAULT_REALM,
                    "project-" + i % (2 * clients),
                    "dc" + i % 2,
                    "resource-" + i,
                    Meter.unlisted(meter),
                    meter.equals("network.outgoing.bytes") ? "GB" : "hour",
                    Map.of("flavor", "m1." + i % 7, "name", "vm-" + i, "size", "40", "volume_type", "ssd"),
                    meter,
                    "");
        }
    }

    /** The reseller, its clients, and a subscription for each of their projects. */
    static void customers(DataSource database, int clients) throws SQLException {
        execute(
                database,
                "insert into currency values ('eur', 'Euro') on conflict do nothing",
                "insert into language values ('en', 'English') on conflict do nothing",
                "insert into merchant (id, name, currency, language, created_at, updated_at)"
                        + " values ('bench', 'bench', 'eur', 'en', now(), now())",
                "insert into plan (id, merchant_id, name, created_at, updated_at) values ('p', 'bench', 'p', now(), now())",
                "insert into customer (id, merchant_id, name, currency, language, account, taxes, created_at, updated_at)"
                        + " select 'client-' || i, 'bench', 'client-' || i, 'eur', 'en', 'bench/client-' || i,"
                        + " '[{\"name\":\"GST\",\"rate\":\"14.975\"}]', '2026-01-01Z', now()"
                        + " from generate_series(0, " + (clients - 1) + ") i",
                "insert into subscription (id, merchant_id, customer_id, plan_id, billing_day, resource_id, resource_type,"
                        + " tied_from, created_at, updated_at) select 's-' || i, 'bench', 'client-' || i % " + clients
                        + ", 'p', 1, 'project-' || i, 'tenant', '2026-01-01Z', '2026-01-01Z', now()"
                        + " from generate_series(0, " + (2 * clients - 1) + ") i");
    }

    /** Records of the first days of a month. */
    void use(YearMonth month, int fromDay, int days) throws Exception {
        long start = month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant().getEpochSecond() * 1_000_000;
        for (int day = fromDay; day < fromDay + days; day++) {
            for (int done = 0; done < keys.length; ) {
                int size = Math.min(BATCH, keys.length - done);
                UsageBatch batch = new UsageBatch(size);
                for (int i = 0; i < size; i++) {
                    long begin = start + day * DAY;
                    batch.add(keys[done + i], 24_000 + (done + i) % 977, 3, begin, begin + DAY, -1);
                }
                batch.startPricing();
                for (int row = 0; row < size; row++) {
                    Price price = prices[(done + row) % prices.length];
                    batch.price(
                            row,
                            price,
                            batch.quantity(row)
                                    * price.unitPrice().unscaledValue().longValue(),
                            7);
                }
                ledger.commit(batch);
                done += size;
            }
        }
        System.err.printf("%s: %,d records a day for %d days, at %s%n", month, keys.length, days, Instant.now());
    }

    void vacuum() throws SQLException {
        execute(database, "vacuum analyze");
    }

    static void execute(DataSource database, String... statements) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
