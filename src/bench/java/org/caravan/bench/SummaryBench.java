package org.caravan.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.caravan.api.auth.NoAuthenticator;
import org.caravan.api.http.Answer;
import org.caravan.api.http.Api;
import org.caravan.api.http.Caller;
import org.caravan.api.http.Request;
import org.caravan.api.rating.Backend;
import org.caravan.api.rating.RatingApi;
import org.caravan.api.rating.RatingSettings;
import org.caravan.common.Decimals;
import org.caravan.common.Json;
import org.caravan.hub.db.EmbeddedPostgres;
import org.caravan.hub.db.HubDatabase;
import org.caravan.ledger.LedgerSchema;
import org.caravan.ledger.RollUp;
import org.caravan.metering.MeterCatalog;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffHolder;

/**
 * A summary by type and day as a client asks for it, from request to answer, beside the bare SQL aggregate over the entries of
 * the same run; before and after the roll-up. Run {@code SummaryBench [records [turns]]}.
 */
final class SummaryBench {
    private static final int TENANTS = 1_000;
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-01T06:00:00Z"), ZoneOffset.UTC);
    private static final String MONTH = "begin=2026-10-01T00:00:00Z&end=2026-11-01T00:00:00Z&limit=100000";
    private static final String DAY = "begin=2026-10-05T00:00:00Z&end=2026-10-06T00:00:00Z&limit=100000";

    private static final String BARE =
            """
            select m.value, e.usage_day, sum(e.quantity), sum(e.amount)
              from entry e join term m on m.id = e.meter
             where e.billing_month = '2026-10-01' and e.usage_day >= '2026-10-01' and e.usage_day < '2026-11-01'
             group by m.value, e.usage_day
            """;

    private final DataSource database;
    private final Api api;
    private final int turns;

    private SummaryBench(DataSource database, int turns) {
        this.database = database;
        this.turns = turns;
        this.api = RatingApi.of(
                new Backend(
                        database,
                        "EUR",
                        MeterCatalog.empty(),
                        new TariffHolder(Tariff.EMPTY),
                        RatingSettings.defaults(),
                        CLOCK),
                new NoAuthenticator());
    }

    public static void main(String[] args) throws Exception {
        int records = args.length > 0 ? Integer.parseInt(args[0]) : 5_000_000;
        int turns = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        Path data = Files.createTempDirectory("summary-bench");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.kept(data, EmbeddedPostgres.defaultCache());
                HubDatabase pool = HubDatabase.open(postgres.start(), 4)) {
            LedgerSchema.migrate(pool.dataSource());
            LedgerFill.fill(pool.dataSource(), CLOCK, records, TENANTS);
            System.out.println(new SummaryBench(pool.dataSource(), turns).run(records));
        }
    }

    private ObjectNode run(int records) throws Exception {
        ObjectNode line = Json.mapper().createObjectNode();
        line.put("bench", "summary")
                .put("records", records)
                .put("entries", count("entry"))
                .put("turns", turns);
        Map<String, String> bare = bare();
        double[] sql = new double[turns];
        double[] unrolled = new double[turns];
        double[] ratios = new double[turns];
        for (int turn = 0; turn < turns; turn++) {
            sql[turn] = seconds(this::bare);
            unrolled[turn] = seconds(() -> check(bare, summary(MONTH + "&groupby=type,time-d")));
            ratios[turn] = sql[turn] / unrolled[turn];
        }
        put(line, "limitSeconds", median(sql));
        put(line, "unrolledSeconds", median(unrolled));
        put(line, "unrolledRatioToLimit", median(ratios));
        put(line, "rollUpSeconds", seconds(() -> RollUp.run(database)));
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("vacuum analyze rollup");
        }
        line.put("rollUpRows", count("rollup"));
        double[] rolled = new double[turns];
        for (int turn = 0; turn < turns; turn++) {
            sql[turn] = seconds(this::bare);
            rolled[turn] = seconds(() -> check(bare, summary(MONTH + "&groupby=type,time-d")));
            ratios[turn] = sql[turn] / rolled[turn];
        }
        put(line, "seconds", median(rolled));
        put(line, "ratioToLimit", median(ratios));
        put(line, "byFlavorAndDaySeconds", asked(MONTH + "&groupby=flavor,time-d"));
        put(line, "oneTenantSeconds", asked(MONTH + "&groupby=type,time-d&filters=project_id:tenant-7"));
        put(line, "oneTenantOneDayByHourSeconds", asked(DAY + "&groupby=type,time&filters=project_id:tenant-7"));
        return line;
    }

    private double asked(String query) throws Exception {
        double[] all = new double[turns];
        for (int turn = 0; turn < turns; turn++) {
            all[turn] = seconds(() -> summary(query));
        }
        return median(all);
    }

    /** Quantity and amount by meter and day of the year, straight from the entries. */
    private Map<String, String> bare() throws Exception {
        Map<String, String> sums = new TreeMap<>();
        try (Connection connection = database.getConnection();
                Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(BARE)) {
            while (row.next()) {
                sums.put(
                        row.getString(1) + " " + row.getDate(2).toLocalDate().getDayOfYear(),
                        Decimals.plain(row.getBigDecimal(3)) + " " + Decimals.plain(row.getBigDecimal(4)));
            }
        }
        return sums;
    }

    private JsonNode summary(String query) throws Exception {
        Map<String, List<String>> arguments = new TreeMap<>();
        for (String pair : query.split("&")) {
            arguments
                    .computeIfAbsent(pair.split("=")[0], n -> new ArrayList<>())
                    .add(pair.split("=")[1]);
        }
        Answer answer = api.answer(
                new Request(
                        "GET", "/v2/summary", Map.of(), arguments, Map.of(), new byte[0], Caller.NOBODY, "", "bench"),
                "here");
        JsonNode body = Json.mapper().readTree(answer.body());
        if (answer.status() != 200 || body.get("results").isEmpty()) {
            throw new IllegalStateException(body.toString());
        }
        return body;
    }

    private static JsonNode check(Map<String, String> bare, JsonNode body) {
        Map<String, String> sums = new TreeMap<>();
        for (JsonNode row : body.get("results")) {
            sums.put(
                    row.get(4).asText() + " " + row.get(5).asText(),
                    Decimals.plain(row.get(2).decimalValue()) + " "
                            + Decimals.plain(row.get(3).decimalValue()));
        }
        if (!sums.equals(bare)) {
            throw new IllegalStateException("the summary is not what the entries come to");
        }
        return body;
    }

    private interface Work {
        Object run() throws Exception;
    }

    private static double seconds(Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void put(ObjectNode line, String name, double value) {
        line.put(name, Math.round(value * 1000) / 1000.0);
    }

    private long count(String table) throws Exception {
        try (Connection connection = database.getConnection();
                Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("select count(*) from " + table)) {
            row.next();
            return row.getLong(1);
        }
    }
}
