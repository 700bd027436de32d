package org.caravan.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.caravan.common.Decimals;
import org.caravan.common.Json;
import org.caravan.hub.db.EmbeddedPostgres;
import org.caravan.hub.db.HubDatabase;
import org.caravan.invoice.CloseSettings;
import org.caravan.invoice.Closer;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.ledger.LedgerSchema;
import org.caravan.ledger.RollUp;

/**
 * A month closed for every tenant, documents, numbers and outbox included, beside the bare SQL aggregate over the entries
 * that the documents are made of. Run {@code CloseBench [records [tenants]]}; prints one JSON line.
 *
 * <p>Each document must hold its tenant's sum of entries to the last digit, else the benchmark fails.
 */
final class CloseBench {
    private static final YearMonth OCTOBER = YearMonth.of(2026, 10);
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-01T06:00:00Z"), ZoneOffset.UTC);

    private static final String BARE =
            """
            select tenant, datacenter, meter, resource, product, unit, price_id, sum(quantity), sum(amount), sum(seconds)
              from entry where billing_month = '2026-10-01'
             group by tenant, datacenter, meter, resource, product, unit, price_id
            """;

    private static final String SUMS = "select t.name, sum(e.amount) from entry e join tenant t on t.id = e.tenant"
            + " where e.billing_month = '2026-10-01' group by t.name";

    private CloseBench() {}

    public static void main(String[] args) throws Exception {
        int records = args.length > 0 ? Integer.parseInt(args[0]) : 10_000_000;
        int tenants = args.length > 1 ? Integer.parseInt(args[1]) : 10_000;
        Path data = Files.createTempDirectory("close-bench");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.kept(data, EmbeddedPostgres.defaultCache());
                HubDatabase pool = HubDatabase.open(postgres.start(), 4)) {
            LedgerSchema.migrate(pool.dataSource());
            LedgerSchema.identify(pool.dataSource(), "bench", "NZD", false);
            LedgerFill.fill(pool.dataSource(), CLOCK, records, tenants);
            System.out.println(run(pool.dataSource(), records, tenants));
        } finally {
            LedgerRun.deleteAll(data);
        }
    }

    private static ObjectNode run(DataSource database, int records, int tenants) throws Exception {
        double limit = seconds(() -> bare(database));
        double rollUp = seconds(() -> RollUp.run(database));
        Closer closer = new Closer(
                database,
                new LedgerSchema.Identity("bench", "NZD", false),
                AccountProfiles.none(),
                Map.of(),
                CloseSettings.defaults(),
                CLOCK);
        int[] issued = new int[1];
        double close = seconds(() -> closer.close(OCTOBER, null, document -> issued[0]++));
        if (issued[0] != tenants) {
            throw new IllegalStateException("issued " + issued[0] + " documents for " + tenants + " tenants");
        }
        if (!sums(database, SUMS).equals(sums(database, "select account, exact from document"))) {
            throw new IllegalStateException("the documents are not what the entries come to");
        }
        ObjectNode line = Json.mapper().createObjectNode();
        line.put("bench", "close").put("records", records).put("documents", issued[0]);
        put(line, "seconds", rollUp + close);
        put(line, "limitSeconds", limit);
        put(line, "ratioToLimit", limit / (rollUp + close));
        put(line, "rollUpSeconds", rollUp);
        put(line, "documentsPerSecond", issued[0] / close);
        line.put("peakRssMiB", Memory.peakRssMiB());
        return line;
    }

    /** Every group fetched and thrown away. */
    private static long bare(DataSource database) throws Exception {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement select = connection.createStatement()) {
                select.setFetchSize(5_000);
                long groups = 0;
                try (ResultSet row = select.executeQuery(BARE)) {
                    while (row.next()) {
                        groups++;
                    }
                }
                connection.commit();
                return groups;
            }
        }
    }

    private static Map<String, String> sums(DataSource database, String sql) throws Exception {
        Map<String, String> sums = new TreeMap<>();
        try (Connection connection = database.getConnection();
                Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(sql)) {
            while (row.next()) {
                BigDecimal sum = row.getBigDecimal(2);
                sums.put(row.getString(1), Decimals.plain(sum));
            }
        }
        return sums;
    }

    private interface Work {
        Object run() throws Exception;
    }

    private static double seconds(Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private static void put(ObjectNode line, String name, double value) {
        line.put(name, Math.round(value * 1000) / 1000.0);
    }
}
