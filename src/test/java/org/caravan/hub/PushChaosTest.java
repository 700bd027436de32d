package org.caravan.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.caravan.api.auth.ApiKeys;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.hub.push.PushSource;
import org.caravan.invoice.Audit;
import org.caravan.ledger.Sources;
import org.caravan.testing.CaravanProcess;
import org.caravan.testing.Database;
import org.caravan.testing.UsageLedger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that push, are killed and push again at random, with and without an {@code Idempotency-Key}, at a hub that is
 * killed, too: in the end each record is billed once. What they should come to is summed up beside the hub.
 */
class PushChaosTest {
    /** Kills of the hub; -Pchaos sets it, the normal build leaves it to {@code PushReceiptTest}. */
    private static final int KILLS = Integer.getInteger("caravan.push.kills", 0);

    private static final int CLIENTS = 3;
    private static final int PUSHES_A_KILL = 12;
    private static final int RECORDS = 40;
    private static final int MOST_MILLIS = 1_500;
    private static final Instant BEGIN = Instant.parse("2026-10-01T00:00:00Z");

    @TempDir
    Path directory;

    private final DatabaseAccess ledger = Database.freshAccess();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final AtomicInteger cutOff = new AtomicInteger();
    private final AtomicInteger replayed = new AtomicInteger();
    private final AtomicInteger unavailable = new AtomicInteger();
    private int port;
    private String key;
    private Process hub;

    /** A push that goes on until it is answered. */
    private record Work(String body, String idempotencyKey) {}

    @Test
    @EnabledIfSystemProperty(named = "caravan.push.kills", matches = "[1-9].*")
    void whatIsPushedAgainAndAgainIsBilledOnce() throws Exception {
        // given
        long seed = Long.getLong("caravan.seed", new Random().nextLong());
        System.out.println("PushChaosTest: -Dcaravan.seed=" + seed + " -Dcaravan.push.kills=" + KILLS);
        Random random = new Random(seed);
        Map<String, BigDecimal> expected = new TreeMap<>();
        List<Work> work = work(random, expected);
        port = RunningHub.freePort();
        startHub();
        new Sources(Database.of(ledger), Clock.systemUTC()).configure("meters", PushSource.KIND);
        key = new ApiKeys(Database.of(ledger), Clock.systemUTC())
                .create(new ApiKeys.Wanted("meters", ApiKeys.Kind.SOURCE, "meters", Set.of(), false), made -> {});
        // when: clients push while the hub is killed
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<?>> pushing = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int first = i;
                Random own = new Random(random.nextLong());
                pushing.add(clients.submit(() -> {
                    for (int at = first; at < work.size(); at += CLIENTS) {
                        push(work.get(at), own);
                    }
                    return null;
                }));
            }
            for (int kill = 0; kill < KILLS; kill++) {
                await(kill + 1);
                hub.waitFor(random.nextInt(MOST_MILLIS), TimeUnit.MILLISECONDS);
                hub.destroyForcibly().waitFor();
                startHub();
            }
            for (Future<?> one : pushing) {
                one.get(10, TimeUnit.MINUTES);
            }
        } finally {
            clients.shutdownNow();
            hub.destroy();
            hub.waitFor();
        }
        System.out.println("PushChaosTest: " + work.size() + " pushes, " + cutOff + " connections cut, " + unavailable
                + " times unavailable, " + replayed + " answers replayed");
        // then
        assertThat(billed()).isEqualTo(expected);
        assertThat(RunningHub.ask(ledger, "select sum(records) from entry"))
                .isEqualTo(Integer.toString(work.size() * RECORDS));
        assertThat(RunningHub.ask(ledger, "select count(*) from quarantine")).isEqualTo(Integer.toString(work.size()));
        for (Audit.Check check : Audit.run(Database.of(ledger))) {
            assertThat(check.findings()).as(check.name()).isEmpty();
        }
    }

    /** Each push has a bad record among its good ones, which must be held once. */
    private static List<Work> work(Random random, Map<String, BigDecimal> expected) {
        List<Work> work = new ArrayList<>();
        for (int push = 0; push < (KILLS + 1) * PUSHES_A_KILL; push++) {
            List<String> lines = new ArrayList<>();
            for (int record = 0; record < RECORDS; record++) {
                String tenant = "tenant-" + random.nextInt(9);
                BigDecimal quantity = BigDecimal.valueOf(1 + random.nextInt(100_000), random.nextInt(9));
                Instant begin = BEGIN.plus(Duration.ofHours(random.nextInt(700)));
                lines.add(UsageLedger.line(
                        tenant,
                        "vm-" + push + "-" + record,
                        "instance",
                        quantity.toPlainString(),
                        begin,
                        begin.plusSeconds(3600),
                        ""));
                expected.merge(tenant, quantity, BigDecimal::add);
            }
            lines.add(random.nextInt(lines.size()), "{\"tenant\":\"tenant-1\",\"bad\":" + push + "}");
            work.add(new Work("[" + String.join(",", lines) + "]", random.nextBoolean() ? "push-" + push : null));
        }
        expected.replaceAll((tenant, sum) -> sum.stripTrailingZeros());
        return work;
    }

    /** Until it is answered, and now and then once more: a client does not know what it has done after a kill. */
    private void push(Work work, Random random) throws Exception {
        boolean answered = false;
        while (!answered || random.nextInt(3) == 0) {
            if (random.nextInt(3) == 0) {
                dieAmidst(work, random);
            }
            answered |= send(work);
            Thread.sleep(answered ? random.nextInt(60) : 200);
        }
    }

    private boolean send(Work work) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/caravan/v1/usage"))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .header("X-Auth-Token", key)
                .POST(HttpRequest.BodyPublishers.ofString(work.body()));
        if (work.idempotencyKey() != null) {
            request.header("Idempotency-Key", work.idempotencyKey());
        }
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                assertThat(response.statusCode()).as(response.body()).isIn(503, 429);
                unavailable.incrementAndGet();
                return false;
            }
            replayed.addAndGet(
                    response.headers().firstValue("Idempotent-Replayed").isPresent() ? 1 : 0);
            assertThat(response.body()).contains("\"quarantined\":1");
            return true;
        } catch (IOException e) {
            unavailable.incrementAndGet();
            return false;
        }
    }

    /** Sends some or all of the request and is gone before the answer. */
    private void dieAmidst(Work work, Random random) throws InterruptedException {
        byte[] body = work.body().getBytes(StandardCharsets.UTF_8);
        String head = "POST /caravan/v1/usage HTTP/1.1\r\nHost: 127.0.0.1:" + port
                + "\r\nContent-Type: application/json\r\nX-Auth-Token: " + key
                + (work.idempotencyKey() == null ? "" : "\r\nIdempotency-Key: " + work.idempotencyKey())
                + "\r\nContent-Length: " + body.length + "\r\n\r\n";
        try (Socket socket = new Socket("127.0.0.1", port)) {
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write(body, 0, random.nextBoolean() ? body.length : random.nextInt(body.length));
            out.flush();
            Thread.sleep(random.nextInt(40));
            cutOff.incrementAndGet();
        } catch (IOException e) {
            unavailable.incrementAndGet();
        }
    }

    private void await(int kills) throws Exception {
        RunningHub.await("pushes come in", () -> {
            String batches = RunningHub.ask(ledger, "select count(*) from batch where accepted > 0");
            return Integer.parseInt(batches) >= kills * PUSHES_A_KILL / 2;
        });
    }

    private void startHub() throws Exception {
        Path tariff = Files.writeString(
                directory.resolve("tariff.yaml"),
                "currency: NZD\nservices:\n  instance:\n    mappings: [{type: flat, cost: \"1\"}]\n");
        List<String> arguments = new ArrayList<>(List.of("run"));
        for (String setting : List.of(
                "caravan.ledger.url=" + ledger.url(),
                "caravan.ledger.user=" + ledger.user(),
                "caravan.ledger.connections=6",
                "caravan.tariff=" + tariff,
                "caravan.management.port=0",
                "caravan.close.auto=false",
                "caravan.api.keyFile=" + directory.resolve("operator.key"),
                "caravan.api.port=" + port)) {
            arguments.addAll(List.of("--set", setting));
        }
        ProcessBuilder builder = CaravanProcess.command(arguments.toArray(String[]::new))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("err.txt").toFile()));
        builder.environment().put("CARAVAN_LEDGER_PASSWORD", ledger.password());
        long before = Files.exists(directory.resolve("err.txt")) ? said().length() : 0;
        hub = builder.start();
        RunningHub.await("the hub runs", () -> {
            assertThat(hub.isAlive()).as(said()).isTrue();
            return said().substring((int) before).contains("running as process " + hub.pid());
        });
    }

    private String said() throws IOException {
        return Files.readString(directory.resolve("err.txt"));
    }

    private Map<String, BigDecimal> billed() throws Exception {
        Map<String, BigDecimal> sums = new TreeMap<>();
        try (Connection connection = RunningHub.connect(ledger);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select t.name, sum(e.amount) from entry e join tenant t on t.id = e.tenant group by 1")) {
            while (row.next()) {
                sums.put(row.getString(1), row.getBigDecimal(2).stripTrailingZeros());
            }
        }
        return sums;
    }
}
