package org.caravan.hub.push;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.caravan.api.auth.ApiKeys;
import org.caravan.common.Json;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.ledger.Sources;
import org.caravan.testing.ApiHub;
import org.caravan.testing.Database;
import org.caravan.testing.UsageLedger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code POST /caravan/v1/usage} over real HTTP. */
class PushTest {
    private static final String JSON = "application/json";
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

    @TempDir
    static Path directory;

    private static DatabaseAccess ledger;
    private static ApiHub hub;
    private static ApiKeys keys;
    private static String any;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        ledger = Database.freshAccess();
        Clock system = Clock.systemUTC();
        Clock clock = Clock.offset(system, Duration.between(system.instant(), NOW));
        Path meters = Files.writeString(directory.resolve("meters.yaml"), "meters: {gift: {pricing: given}}\n");
        hub = ApiHub.start(
                directory,
                ledger,
                clock,
                "caravan.auth=key",
                "caravan.api.keyFile=" + directory.resolve("operator.key"),
                "caravan.meters=" + meters,
                "caravan.push.maxRecords=50",
                "caravan.push.maxUnpacked=100000",
                "caravan.push.atOnce=64",
                "caravan.push.look=100ms",
                "caravan.push.settle=0s");
        keys = new ApiKeys(Database.of(ledger), system);
        any = key("any", Set.of(), false);
    }

    @AfterAll
    static void stop() throws Exception {
        hub.close();
    }

    private static String key(String source, Set<String> tenants, boolean prices) throws SQLException {
        new Sources(Database.of(ledger), Clock.systemUTC()).configure(source, PushSource.KIND);
        return keys.create(
                new ApiKeys.Wanted(source, ApiKeys.Kind.SOURCE, source, new HashSet<>(tenants), prices), made -> {});
    }

    private record Reply(int status, String body, HttpResponse<byte[]> response) {
        JsonNode json() throws Exception {
            return Json.mapper().readTree(body);
        }
    }

    private static Reply push(String key, String type, byte[] body, String... headers) throws Exception {
        HttpResponse<byte[]> response =
                CLIENT.send(request(key, type, body, headers), HttpResponse.BodyHandlers.ofByteArray());
        return new Reply(response.statusCode(), new String(response.body(), StandardCharsets.UTF_8), response);
    }

    private static HttpRequest request(String key, String type, byte[] body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(hub.url() + "/caravan/v1/usage"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (key != null) {
            request.header("X-Auth-Token", key);
        }
        if (type != null) {
            request.header("Content-Type", type);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    private static Reply push(String key, String body, String... headers) throws Exception {
        return push(key, JSON, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    private static String line(String tenant, String quantity, int hour) {
        return UsageLedger.line(tenant, "vm", "m", quantity, String.format("2026-11-01T%02d:00:00Z", hour), "");
    }

    private static String ask(String sql) throws SQLException {
        try (Connection connection = Database.of(ledger).getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    private static String billed(String tenant) throws SQLException {
        return ask(
                "select concat_ws(' ', sum(e.quantity), sum(e.records)) from entry e join tenant t on t.id = e.tenant"
                        + " where t.name = '" + tenant + "'");
    }

    private static byte[] gzip(byte[] body) throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(body);
        }
        return packed.toByteArray();
    }

    @Test
    void eachRecordIsAnsweredAndABadOneHarmsNoOther() throws Exception {
        // given
        push(any, "[" + line("each", "4", 5) + "]");
        // when
        Reply reply = push(
                any,
                "[" + line("each", "2", 0) + "," + line("each", "two", 1) + ", 17," + line("each", "5", 5) + ","
                        + line("each", "4", 5) + "," + line("each", "3.5", 2) + "]");
        // then
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        List<String> results = new ArrayList<>();
        reply.json()
                .path("results")
                .forEach(one -> results.add(one.path("result").asText()));
        assertThat(results)
                .containsExactly("accepted", "quarantined", "quarantined", "quarantined", "duplicate", "accepted");
        assertThat(reply.json().at("/results/1/reason").asText()).contains("'two' is no decimal number");
        assertThat(reply.json().at("/results/3/reason").asText()).startsWith("conflict: its time is billed already");
        assertThat(reply.json().path("accepted").asInt()).isEqualTo(2);
        assertThat(billed("each")).isEqualTo("9.5 3");
        assertThat(ask("select count(*) from quarantine where source = 'any' and key = '"
                        + reply.json().path("push").asText() + "'"))
                .isEqualTo("3");
    }

    @Test
    void linesAndCloudEventsAreTakenPackedOrNot() throws Exception {
        // given
        byte[] lines =
                (line("lines", "1", 0) + "\r\n\n" + line("lines", "2", 1) + "\n").getBytes(StandardCharsets.UTF_8);
        String event = "{\"specversion\":\"1.0\",\"id\":\"e1\",\"source\":\"/cloud\",\"type\":\"usage\",\"data\":"
                + line("events", "7", 0) + "}";
        // when
        Reply plain = push(any, "application/x-ndjson; charset=UTF-8", lines);
        Reply packed = push(any, "application/x-ndjson", gzip(lines), "Content-Encoding", "gzip");
        Reply events = push(
                any,
                "application/cloudevents-batch+json",
                gzip(("[" + event + "]").getBytes(StandardCharsets.UTF_8)),
                "Content-Encoding",
                "gzip");
        // then
        assertThat(plain.json().path("accepted").asInt()).as(plain.body()).isEqualTo(2);
        assertThat(packed.json().path("duplicate").asInt()).as(packed.body()).isEqualTo(2);
        assertThat(events.json().path("accepted").asInt()).as(events.body()).isEqualTo(1);
        assertThat(billed("lines")).isEqualTo("3 2");
        assertThat(billed("events")).isEqualTo("7 1");
    }

    @Test
    void manyAtOnceUnderOneIdempotencyKeyHaveOneEffectAndOneAnswer() throws Exception {
        // given
        byte[] body = ("[" + line("many", "2", 0) + "," + line("many", "x", 1) + "]").getBytes(StandardCharsets.UTF_8);
        List<CompletableFuture<HttpResponse<byte[]>>> sent = new ArrayList<>();
        // when
        for (int i = 0; i < 12; i++) {
            sent.add(CLIENT.sendAsync(
                    request(any, JSON, body, "Idempotency-Key", "many-1"), HttpResponse.BodyHandlers.ofByteArray()));
        }
        Set<String> answers = new HashSet<>();
        int first = 0;
        for (CompletableFuture<HttpResponse<byte[]>> one : sent) {
            HttpResponse<byte[]> response = one.get();
            assertThat(response.statusCode()).isEqualTo(200);
            answers.add(new String(response.body(), StandardCharsets.UTF_8));
            first += response.headers().firstValue("Idempotent-Replayed").isEmpty() ? 1 : 0;
        }
        Reply other = push(any, "[" + line("many", "9", 9) + "]", "Idempotency-Key", "many-1");
        // then
        assertThat(answers).hasSize(1);
        assertThat(first).isEqualTo(1);
        assertThat(billed("many")).isEqualTo("2 1");
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.body()).contains("'many-1' came with another body");
        assertThat(ask("select count(*) from quarantine where tenant = 'many'")).isEqualTo("1");
    }

    @Test
    void aKeyBringsNoForeignTenantAndNoPriceAndWhatItMayNotIsKeptNowhere() throws Exception {
        // given
        String confined = key("confined", Set.of("mine"), false);
        String gift = UsageLedger.line("mine", "g", "gift", "1", "2026-11-01T00:00:00Z", "")
                .replace("\"metadata\"", "\"price\":\"7.25\",\"metadata\"");
        // when
        Reply reply = push(
                confined,
                "[" + line("mine", "1", 0) + "," + line("theirs", "1", 0) + "," + gift + ","
                        + line("theirs", "bad", 1) + ",\"nothing\"," + line("mine", "bad", 2) + ","
                        + line("mine", "1", 3).replace("{\"tenant\"", "{\"realm\":\"other\",\"tenant\"") + "]");
        Reply all = push(confined, "[" + line("theirs", "1", 0) + "]");
        // then
        List<String> results = new ArrayList<>();
        reply.json()
                .path("results")
                .forEach(one -> results.add(one.path("result").asText()));
        assertThat(results)
                .as(reply.body())
                .containsExactly("accepted", "refused", "refused", "refused", "refused", "quarantined", "refused");
        assertThat(reply.json().at("/results/1/reason").asText())
                .contains("tenant 'theirs' is none of those that this key may push for");
        assertThat(reply.json().at("/results/2/reason").asText()).contains("--prices");
        assertThat(all.status()).isEqualTo(403);
        assertThat(all.json().at("/results/0/reason").asText()).contains("'theirs'");
        assertThat(ask("select count(*) from tenant where name = 'theirs'")).isEqualTo("0");
        assertThat(ask("select count(*) from quarantine where source = 'confined'"))
                .isEqualTo("1");
        // and with a key that may
        String free = key("free", Set.of("mine"), true);
        assertThat(push(free, "[" + gift + "]").json().path("accepted").asInt()).isEqualTo(1);
        assertThat(ask("select sum(amount) from entry e join term m on m.id = e.meter where m.value = 'gift'"))
                .isEqualTo("7.25");
    }

    @Test
    void whatCanNotBeTakenSaysWhatIsWrongAndTakesNothing() throws Exception {
        // given
        String good = "[" + line("errors", "1", 0) + "]";
        byte[] bytes = good.getBytes(StandardCharsets.UTF_8);
        byte[] packed = gzip(bytes);
        byte[] cut = java.util.Arrays.copyOf(packed, packed.length - 6);
        byte[] bomb = gzip(new byte[5_000_000]);
        String many = "[" + (line("errors", "1", 0) + ",").repeat(50) + line("errors", "1", 0) + "]";
        String revoked = key("revoked", Set.of(), false);
        keys.revoke("revoked", ApiKeys.Kind.SOURCE);
        // when / then
        expect(push(any, "text/csv", bytes), 415, "text/csv", "application/json");
        expect(push(any, null, bytes), 415, "no Content-Type");
        expect(push(any, "application/json; charset=latin1", bytes), 415, "UTF-8");
        expect(push(any, JSON, cut, "Content-Encoding", "gzip"), 400, "gzip", "not whole");
        expect(push(any, JSON, bytes, "Content-Encoding", "gzip"), 400, "gzip", "can't be unpacked");
        expect(push(any, JSON, bytes, "Content-Encoding", "br"), 415, "gzip");
        expect(push(any, JSON, bomb, "Content-Encoding", "gzip"), 413, "caravan.push.maxUnpacked");
        expect(push(any, many), 413, "caravan.push.maxRecords");
        expect(push(any, good.substring(0, good.length() - 4)), 400, "line 1, column", "record 1");
        expect(push(any, good + "x"), 400, "no well-formed JSON");
        expect(push(any, "\"text\""), 400, "neither a JSON array");
        expect(push(any, "[]"), 400, "no record");
        expect(push(any, JSON, new byte[0]), 400, "empty");
        expect(push(any, good, "Idempotency-Key", "two words"), 400, "Idempotency-Key");
        expect(push(null, good), 401, "authentication");
        expect(push(revoked, good), 401, "authentication");
        expect(push("caravan_1_" + "x".repeat(43), good), 401, "authentication");
        assertThat(billed("errors")).isEmpty();
        assertThat(hub.as(any).get("/v1/rating/modules").status()).isEqualTo(401);
    }

    private static void expect(Reply reply, int status, String... parts) throws Exception {
        assertThat(reply.status()).as(reply.body()).isEqualTo(status);
        assertThat(reply.json().path("error").asText()).contains(parts);
        assertThat(reply.body()).doesNotContain(any);
    }

    @Test
    void aSourceIsRatedOnceItWasPushedToAndTheOperatorPushesUnderANameOfItsOwn() throws Exception {
        // given
        key("silent", Set.of(), false);
        String operator = Files.readString(directory.resolve("operator.key")).strip();
        // when
        Reply reply = push(operator, "[" + line("operators", "1", 0) + "]");
        // then
        assertThat(reply.json().path("source").asText()).isEqualTo("push");
        String rated = "select rated_until at time zone 'UTC' from source where name = ";
        for (int i = 0; i < 200 && ask(rated + "'push'") == null; i++) {
            Thread.sleep(50);
        }
        assertThat(ask(rated + "'push'")).isEqualTo("2026-11-01 00:00:00");
        assertThat(ask(rated + "'silent'")).isNull();
    }

    @Test
    void pausedPushesAreToldToComeAgainAndTheirMonthsAreNotCompleteMeanwhile() throws Exception {
        // given
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        String domain = "org.apache.camel:context=caravan,type=";
        ObjectName bean = new ObjectName(domain + "sources,name=\"any\"");
        while (!beans.isRegistered(bean)) {
            beans.invoke(new ObjectName(domain + "caravan,name=\"hub\""), "refresh", null, null);
            Thread.sleep(50);
        }
        assertThat(beans.invoke(bean, "pause", null, null))
                .asString()
                .endsWith("and with it every other source of the kind push");
        String away = key("away", Set.of(), false);
        // when
        Reply reply = push(away, "[" + line("away", "4", 5) + "]");
        Thread.sleep(300);
        // then
        assertThat(reply.status()).as(reply.body()).isEqualTo(503);
        assertThat(reply.body()).contains("Nothing was taken: pushes are paused in this hub");
        assertThat(reply.response().headers().firstValue("Retry-After")).isPresent();
        assertThat(ask("select rated_until from source where name = 'away'")).isNull();
        // when
        beans.invoke(bean, "resume", null, null);
        // then
        assertThat(push(away, "[" + line("away", "4", 5) + "]").status()).isEqualTo(200);
        while (ask("select rated_until from source where name = 'away'") == null) {
            Thread.sleep(50);
        }
        assertThat(billed("away")).isEqualTo("4 1");
    }
}
