package org.caravan.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.caravan.common.Json;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.hub.db.HubDatabase;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.store.RuleStore;
import org.caravan.testing.ApiHub;
import org.caravan.testing.Database;

/**
 * The rating API of a hub in this process, over HTTP on one connection: a list of all mappings, and a quote. Each is held
 * against what can't be saved of it, measured in turns with it: the list's own SQL and JSON, the quote's look at the
 * version of the rules and its arithmetic. Run {@code ApiBench [mappings [requests]]}.
 */
final class ApiBench {
    private static final int WARM_UP = 50;
    private static final String LIST = "/v1/rating/module_config/hashmap/mappings";
    private static final String QUOTE = "/v1/rating/quote";
    private static final String QUESTION = "{\"resources\": [{\"service\": \"instance\", \"volume\": \"3.25\","
            + " \"desc\": {\"groupby\": {\"flavor\": \"flavor-77\"}, \"metadata\": {}}}]}";
    private static final String ROWS =
            """
            select r.uuid, r.value, r.type, r.cost, s.uuid, f.uuid, g.uuid, r.tenant, r.created_at, r.start_at, r.end_at,
                   r.name, r.description, r.deleted_at, r.created_by, r.updated_by, r.deleted_by
              from rule_mapping r join rule_service s on s.id = r.service
              left join rule_field f on f.id = r.field left join rule_group g on g.id = r.rule_group
             where r.deleted_at is null and not r.hidden order by r.id""";

    private final ApiHub hub;
    private final HubDatabase pool;
    private final int mappings;
    private final int requests;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private long bytes;

    private ApiBench(ApiHub hub, HubDatabase pool, int mappings, int requests) {
        this.hub = hub;
        this.pool = pool;
        this.mappings = mappings;
        this.requests = requests;
    }

    /** Something that is timed. */
    private interface Work {
        void run() throws Exception;
    }

    public static void main(String[] args) throws Exception {
        int mappings = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
        int requests = args.length > 1 ? Integer.parseInt(args[1]) : 200;
        DatabaseAccess ledger = Database.freshAccess();
        Path directory = Files.createTempDirectory("api-bench");
        try (ApiHub hub = ApiHub.start(directory, ledger);
                HubDatabase pool = HubDatabase.open(ledger, 2)) {
            fill(pool, mappings);
            ApiBench bench = new ApiBench(hub, pool, mappings, requests);
            bench.list();
            bench.quote();
        }
        System.exit(0);
    }

    /** Half of the mappings are for one tenant each, as long lists are. */
    private static void fill(HubDatabase pool, int mappings) throws SQLException {
        try (Connection connection = pool.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("insert into rule_service (name) values ('instance');"
                    + " insert into rule_field (service, name) select id, 'flavor' from rule_service;"
                    + " insert into rule_mapping (service, field, value, type, cost, tenant, start_at, created_at, created_by)"
                    + " select f.service, f.id, 'flavor-' || i / 2, 'flat', i * 0.0001,"
                    + " case when i % 2 = 1 then 'tenant-' || i % 500 end, '2026-01-01', now(), 'bench'"
                    + " from rule_field f, generate_series(0, " + (mappings - 1) + ") i;"
                    + " update rule_state set currency = 'EUR'; analyze");
        }
    }

    private void list() throws Exception {
        measure("api-list", () -> bytes = send("GET", LIST, null).length(), this::bareList);
    }

    private void quote() throws Exception {
        RuleStore store = new RuleStore(pool.dataSource(), java.time.Clock.systemUTC());
        Tariff tariff = Tariff.compile(store.load().rules());
        long now = System.currentTimeMillis() * 1_000;
        measure("api-quote", () -> bytes = send("POST", QUOTE, QUESTION).length(), () -> {
            store.version();
            tariff.resolve("instance", null, Map.of(), Map.of("flavor", "flavor-77"), now)
                    .pricing()
                    .amount(new BigDecimal("3.25"), null);
        });
    }

    private String send(String method, String path, String body) throws Exception {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create(hub.url() + path))
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IllegalStateException(method + " " + path + ": " + response.body());
        }
        return response.body();
    }

    /** The same rows as the list, written as the same JSON, and nothing else. */
    private void bareList() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 20);
        try (Connection connection = pool.dataSource().getConnection();
                PreparedStatement select = connection.prepareStatement(ROWS);
                ResultSet row = select.executeQuery();
                JsonGenerator json = Json.mapper().createGenerator(out)) {
            int columns = row.getMetaData().getColumnCount();
            String[] names = new String[columns];
            for (int i = 0; i < columns; i++) {
                names[i] = row.getMetaData().getColumnName(i + 1);
            }
            json.writeStartArray();
            while (row.next()) {
                json.writeStartObject();
                for (int i = 0; i < columns; i++) {
                    json.writeStringField(names[i], row.getString(i + 1));
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        if (out.size() < mappings) {
            throw new IllegalStateException("the list is too short");
        }
    }

    private void measure(String name, Work ours, Work limit) throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            ours.run();
            limit.run();
        }
        long[] took = new long[requests];
        long[] limits = new long[requests];
        long[] nothing = new long[requests];
        for (int i = 0; i < requests; i++) {
            took[i] = time(ours);
            limits[i] = time(limit);
            nothing[i] = time(() -> send("GET", "/healthcheck", null));
        }
        Arrays.sort(nothing);
        Arrays.sort(took);
        Arrays.sort(limits);
        ObjectNode line = Json.mapper()
                .createObjectNode()
                .put("bench", name)
                .put("mappings", mappings)
                .put("requests", requests)
                .put("bytes", bytes)
                .put("p50Millis", millis(took, 50))
                .put("p95Millis", millis(took, 95))
                .put("limitP50Millis", millis(limits, 50))
                .put("limitP95Millis", millis(limits, 95))
                .put("emptyP50Millis", millis(nothing, 50))
                .put(
                        "ratioToLimit",
                        String.format(Locale.ROOT, "%.2f", (double) limits[requests / 2] / took[requests / 2]));
        System.out.println(line);
    }

    private static long time(Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        return System.nanoTime() - start;
    }

    private static String millis(long[] sorted, int percent) {
        int at = Math.min(sorted.length - 1, sorted.length * percent / 100);
        return String.format(Locale.ROOT, "%.2f", sorted[at] / 1e6);
    }
}
