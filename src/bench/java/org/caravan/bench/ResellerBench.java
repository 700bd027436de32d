package org.caravan.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.caravan.api.auth.ApiKeys;
import org.caravan.common.Json;
import org.caravan.hub.db.EmbeddedPostgres;
import org.caravan.hub.db.HubDatabase;
import org.caravan.invoice.CloseOrder;
import org.caravan.invoice.ClosePolicy;
import org.caravan.invoice.CloseSettings;
import org.caravan.invoice.Closer;
import org.caravan.invoice.cost.CostPrices;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.ledger.LedgerSchema;
import org.caravan.ledger.RollUp;
import org.caravan.subscription.billing.BillingSettings;
import org.caravan.subscription.billing.PlanContracts;
import org.caravan.subscription.billing.SubscriptionAccounts;
import org.caravan.testing.ApiHub;

/**
 * The reseller API of a hub in this process, over HTTP on one connection: each call for other clients in turn, with one month
 * issued and one open; usage once more with a day that is not rolled up yet; the report of the issued month, row by row in
 * flat memory. Run {@code ResellerBench [clients [resources [requests]]]}; prints one JSON line.
 */
final class ResellerBench {
    private static final YearMonth ISSUED = YearMonth.of(2026, 10);
    private static final YearMonth OPEN = ISSUED.plusMonths(1);
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-16T12:00:00Z"), ZoneOffset.UTC);
    private static final String HEAP = "256m";
    private static final int ISSUED_DAYS = 4;
    private static final int OPEN_DAYS = 15;
    private static final int WARM_UP = 100;
    private static final String BILLING = "/reseller/billing/v1";

    private final ApiHub hub;
    private final String key;
    private final int clients;
    private final int requests;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private ResellerBench(ApiHub hub, String key, int clients, int requests) {
        this.hub = hub;
        this.key = key;
        this.clients = clients;
        this.requests = requests;
    }

    public static void main(String[] args) throws Exception {
        if (args.length == 5) {
            measured(Path.of(args[0]), args[1], Integer.parseInt(args[2]), Integer.parseInt(args[3]), args[4]);
            System.exit(0);
        }
        int clients = args.length > 0 ? Integer.parseInt(args[0]) : 2_000;
        int resources = args.length > 1 ? Integer.parseInt(args[1]) : 200_000;
        int requests = args.length > 2 ? Integer.parseInt(args[2]) : 400;
        Path data = Files.createTempDirectory("reseller-bench");
        ObjectNode line = Json.mapper().createObjectNode();
        line.put("bench", "reseller")
                .put("clients", clients)
                .put("resources", resources)
                .put("requests", requests)
                .put("heap", HEAP);
        try {
            String[] key = new String[1];
            double[] close = new double[1];
            over(data, pool -> {
                LedgerSchema.migrate(pool.dataSource());
                LedgerSchema.identify(pool.dataSource(), "bench", "EUR", false);
                ResellerFill.customers(pool.dataSource(), clients);
                key[0] = new ApiKeys(pool.dataSource(), CLOCK)
                        .create("bench", ApiKeys.Kind.RESELLER, ResellerFill.RESELLER);
                ResellerFill fill = new ResellerFill(pool.dataSource(), CLOCK, clients, resources);
                fill.use(ISSUED, 0, ISSUED_DAYS);
                RollUp.run(pool.dataSource());
                long start = System.nanoTime();
                close(pool, clients);
                close[0] = (System.nanoTime() - start) / 1e9;
                fill.use(OPEN, 0, OPEN_DAYS);
                RollUp.run(pool.dataSource());
                fill.vacuum();
            });
            line.put("closeSeconds", Math.round(close[0] * 10) / 10.0);
            line.put("loadBefore", loadNow());
            line.setAll(child(data, key[0], clients, requests, "all"));
            over(data, pool -> new ResellerFill(pool.dataSource(), CLOCK, clients, resources).use(OPEN, OPEN_DAYS, 1));
            line.set(
                    "withADayNotRolledUp",
                    child(data, key[0], clients, requests, "usage").get("clientUsage"));
            line.put("loadAfter", loadNow());
            System.out.println(line);
        } finally {
            LedgerRun.deleteAll(data);
        }
    }

    private interface Filling {
        void run(HubDatabase pool) throws Exception;
    }

    private static void over(Path data, Filling filling) throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.kept(data.resolve("pg"), EmbeddedPostgres.defaultCache());
                HubDatabase pool = HubDatabase.open(postgres.start(), 4)) {
            filling.run(pool);
        }
    }

    /** The measured part, in a JVM of its own with little heap. */
    private static ObjectNode child(Path data, String key, int clients, int requests, String what) throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-XX:+UseSerialGC",
                        "-Xmx" + HEAP,
                        "-cp",
                        System.getProperty("java.class.path"),
                        ResellerBench.class.getName(),
                        data.toString(),
                        key,
                        Integer.toString(clients),
                        Integer.toString(requests),
                        what)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String last = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                .lines()
                .reduce("", (before, next) -> next);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("the measured process failed: " + last);
        }
        return (ObjectNode) Json.mapper().readTree(last);
    }

    private static void measured(Path data, String key, int clients, int requests, String what) throws Exception {
        ObjectNode line = Json.mapper().createObjectNode();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.kept(data.resolve("pg"), EmbeddedPostgres.defaultCache());
                ApiHub hub = ApiHub.start(data.resolve("hub"), postgres.start(), CLOCK)) {
            ResellerBench bench = new ResellerBench(hub, key, clients, requests);
            for (Map.Entry<String, IntFunction<String>> call : bench.calls().entrySet()) {
                if (what.equals("all") || call.getKey().equals("clientUsage")) {
                    line.set(call.getKey(), bench.measure(call.getValue()));
                }
            }
            if (what.equals("all")) {
                line.set("report", bench.report());
            }
            line.put("peakRssMiB", Memory.peakRssMiB());
        }
        System.out.println(line);
    }

    private static double loadNow() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static void close(HubDatabase pool, int clients) throws Exception {
        BillingSettings settings = BillingSettings.defaults();
        Closer closer = new Closer(
                pool.dataSource(),
                LedgerSchema.find(pool.dataSource()),
                new SubscriptionAccounts(AccountProfiles.none(), settings, "EUR"),
                new PlanContracts(settings, "EUR"),
                Map.of(),
                CloseSettings.defaults(),
                ClosePolicy.defaults(),
                List.of(),
                CostPrices.none(),
                CLOCK);
        int[] issued = new int[1];
        closer.close(CloseOrder.of(ISSUED).forced(), document -> issued[0]++);
        if (issued[0] != clients) {
            throw new IllegalStateException("issued " + issued[0] + " invoices for " + clients + " clients");
        }
    }

    /** The path of each call, for a client. */
    private Map<String, IntFunction<String>> calls() {
        Map<String, IntFunction<String>> calls = new LinkedHashMap<>();
        calls.put("clientUsage", client -> BILLING + "/clients/client-" + client + "/usage/");
        calls.put(
                "providerUsage",
                client -> BILLING + "/clients/client-" + client + "/providers/dc" + client % 2 + "/usage/");
        calls.put(
                "projectUsage",
                client -> BILLING + "/clients/client-" + client + "/projects/project-" + client + "/usage/");
        calls.put("invoices", client -> BILLING + "/clients/client-" + client + "/invoices/");
        calls.put("lastInvoice", client -> BILLING + "/clients/client-" + client + "/invoices/last/");
        calls.put("oneInvoice", client -> BILLING + "/clients/client-" + client + "/invoices/" + invoice(client) + "/");
        calls.put("currencies", client -> BILLING + "/currencies/");
        calls.put("products", client -> BILLING + "/products/");
        calls.put("providers", client -> "/reseller/admin/v1/providers/");
        calls.put("clientList", client -> "/reseller/account/v1/clients/");
        calls.put("clientsOfAProvider", client -> "/reseller/account/v1/clients/?provider_id=dc1");
        calls.put(
                "providerResources",
                client ->
                        "/reseller/account/v1/clients/client-" + client + "/providers/dc" + client % 2 + "/resources/");
        calls.put(
                "projectResources",
                client -> "/reseller/account/v1/clients/client-" + client + "/projects/project-" + client
                        + "/resources/");
        return calls;
    }

    private String invoice(int client) {
        try {
            JsonNode last = Json.mapper()
                    .readTree(get(BILLING + "/clients/client-" + client + "/invoices/last/")
                            .body());
            return last.path("invoice").path("id").asText();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<byte[]> get(String path) throws Exception {
        HttpResponse<byte[]> response = http.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IllegalStateException(
                    path + ": " + new String(response.body(), java.nio.charset.StandardCharsets.UTF_8));
        }
        return response;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(hub.url() + path))
                .timeout(Duration.ofMinutes(10))
                .header("X-Reseller-Api-Key", key);
    }

    private ObjectNode measure(IntFunction<String> path) {
        try {
            long[] took = new long[requests];
            long bytes = 0;
            for (int i = -WARM_UP; i < requests; i++) {
                // another client each time, none of them near the last
                String asked = path.apply(Math.floorMod(i * 7_919, clients));
                long start = System.nanoTime();
                bytes = get(asked).body().length;
                if (i >= 0) {
                    took[i] = System.nanoTime() - start;
                }
            }
            Arrays.sort(took);
            return Json.mapper()
                    .createObjectNode()
                    .put("p50Millis", millis(took[requests / 2]))
                    .put("p95Millis", millis(took[requests * 95 / 100]))
                    .put("bytes", bytes);
        } catch (Exception e) {
            return Json.mapper().createObjectNode().put("failed", e.getMessage());
        }
    }

    private static double millis(long nanos) {
        return Math.round(nanos / 1e4) / 100.0;
    }

    /** With a row of each item, read and thrown away as it comes. */
    private ObjectNode report() {
        try {
            System.gc();
            ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
            long before = Memory.peakHeapMiB();
            long start = System.nanoTime();
            long bytes = 0;
            long rows = 0;
            HttpResponse<InputStream> response = http.send(
                    request(BILLING + "/report/?start_date=2026-10-01&end_date=2026-10-31&detail=true")
                            .GET()
                            .build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            byte[] buffer = new byte[1 << 16];
            try (InputStream body = response.body()) {
                for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                    bytes += read;
                    for (int i = 0; i < read; i++) {
                        rows += buffer[i] == '\n' ? 1 : 0;
                    }
                }
            }
            return Json.mapper()
                    .createObjectNode()
                    .put("status", response.statusCode())
                    .put("seconds", Math.round((System.nanoTime() - start) / 1e8) / 10.0)
                    .put("rows", rows)
                    .put("bytes", bytes)
                    .put("heapBeforeMiB", before)
                    .put("peakHeapMiB", Memory.peakHeapMiB());
        } catch (Exception e) {
            return Json.mapper().createObjectNode().put("failed", String.valueOf(e.getMessage()));
        }
    }
}
