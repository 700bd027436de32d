package org.caravan.hub.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.caravan.testing.ApiHub;
import org.caravan.testing.Database;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests of a stranger who means ill, to every contract: answered as the stranger's mistake, and soon. */
class HostileRequestsTest {
    /** A place that takes JSON in each contract and kind of object. */
    private static final Map<String, String> PLACES = new LinkedHashMap<>();

    static {
        String rating = "/v1/rating/module_config/hashmap/";
        PLACES.put(rating + "services", "{\"name\": @}");
        PLACES.put(rating + "fields", "{\"service_id\": @, \"name\": @}");
        PLACES.put(
                rating + "mappings",
                "{\"service_id\": \"00000000-0000-0000-0000-000000000000\", \"cost\": @, \"type\": \"flat\"}");
        PLACES.put(
                rating + "thresholds",
                "{\"service_id\": \"00000000-0000-0000-0000-000000000000\", \"level\": @, \"cost\": @, \"type\": \"flat\"}");
        PLACES.put("/v1/rating/quote", "{\"resources\": [{\"service\": \"a\", \"volume\": @, \"desc\": {\"a\": @}}]}");
        PLACES.put(
                "/v2/dataframes",
                "{\"dataframes\": [{\"period\": {\"begin\": \"2026-10-01T00:00:00Z\", \"end\": \"2026-10-01T01:00:00Z\"},"
                        + " \"usage\": {\"a\": [{\"vol\": {\"unit\": \"h\", \"qty\": @}, \"rating\": {\"price\": @},"
                        + " \"groupby\": {\"project_id\": \"t\", \"id\": \"r\"}, \"metadata\": {\"f\": @}}]}}]}");
        PLACES.put("/v2/rating/modules/hashmap", "{\"enabled\": @, \"priority\": @}");
        PLACES.put("/v2/scope", "{\"scope_id\": @, \"last_processed_timestamp\": @}");
        PLACES.put(
                "/caravan/v1/usage",
                "[{\"id\": \"1\", \"tenant\": \"t\", \"resource\": \"r\", \"meter\": \"m\", \"quantity\": @, \"unit\": \"h\","
                        + " \"begin\": \"2026-10-01T00:00:00Z\", \"end\": \"2026-10-01T01:00:00Z\", \"metadata\": {\"a\": @}}]");
        PLACES.put("/merchants", "{\"name\": @, \"title\": @, \"currency\": @, \"language\": @}");
    }

    private static final List<String> VALUES = List.of(
            "1e999999999",
            "-1e-999999999",
            "1" + "0".repeat(300),
            "0." + "1".repeat(5_000),
            "[".repeat(100_000),
            "[".repeat(70) + "]".repeat(70),
            "{\"a\": 1, \"a\": 2}",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"" + "x".repeat(300_000) + "\"",
            "\"1e999999999\"",
            "NaN",
            "Infinity",
            "null",
            "\"'; drop table entry; --\"",
            "\"{{env:PATH}} ${sys:user.home} ${jndi:ldap://127.0.0.1:1/a}\"");

    @TempDir
    private Path directory;

    @Test
    void whateverAStrangerSendsIsTheStrangersMistake() throws Exception {
        // given
        try (ApiHub hub = ApiHub.start(directory, Database.freshAccess())) {
            List<String> failed = new ArrayList<>();

            // when
            for (Map.Entry<String, String> place : PLACES.entrySet()) {
                for (String value : VALUES) {
                    for (String method : new String[] {"POST", "PUT"}) {
                        ApiHub.Reply reply = hub.send(
                                method, place.getKey(), place.getValue().replace("@", value));
                        boolean quoted = reply.body() != null && reply.body().length() > 4_000;
                        if (reply.status() >= 500 && reply.status() != 501 || quoted) {
                            failed.add(method + " " + place.getKey() + " "
                                    + value.substring(0, Math.min(40, value.length())) + ": " + reply.status() + ", "
                                    + (reply.body() == null ? 0 : reply.body().length()) + " characters");
                        }
                    }
                }
            }

            // then
            assertThat(failed).isEmpty();

            // when: paths and arguments that lead elsewhere
            for (String path : List.of(
                    "/../../etc/passwd",
                    "/v1/%2e%2e/%2e%2e/etc/passwd",
                    "/v1/rating/..;/modules",
                    "/%00",
                    "/v1/rating/module_config/hashmap/services/%ff%fe",
                    "/v2/summary?groupby=" + "a,".repeat(2_000),
                    "/v2/summary?begin=1e999999999",
                    "/v2/dataframes?limit=99999999999999999999&offset=-1",
                    "/v2/dataframes?filters=project_id:%27%20or%201=1--",
                    "/merchants/%2e%2e/customers")) {
                String answer =
                        raw(hub.port(), "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

                // then
                assertThat(answer).as(path).matches("(?s)HTTP/1\\.[01] [24].*").doesNotContain("root:");
            }
        }
    }

    @Test
    void aNameThatIsNotOursReachesNothingAndAPackedBodyGrowsNoFurtherThanItMay() throws Exception {
        // given
        int management = ApiHub.freePort();
        try (ApiHub hub = ApiHub.start(
                directory,
                Database.freshAccess(),
                "caravan.management.port=" + management,
                "caravan.push.maxUnpacked=1048576")) {
            // when, then: the page of somebody whose name was made to point here
            for (String path : List.of(
                    "/",
                    "/healthcheck",
                    "/v1/info/config",
                    "/v1/rating/modules",
                    "/v2/summary",
                    "/caravan/v1/usage",
                    "/caravan/v1/samples",
                    "/merchants",
                    "/v2/merchants",
                    "/reseller",
                    "/nowhere")) {
                for (String host : List.of(
                        "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "a@localhost")) {
                    assertThat(raw(
                                    hub.port(),
                                    "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                            .as(path + " as '" + host + "'")
                            .startsWith("HTTP/1.1 4")
                            .containsAnyOf("421", "400");
                }
            }
            for (String path : List.of("/observe/health", "/observe/metrics", "/observe/health/live", "/")) {
                assertThat(raw(
                                management,
                                "GET " + path + " HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                        .startsWith("HTTP/1.1 421");
            }

            // when: 256 MiB packed into a quarter of one
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
                byte[] zeros = new byte[1 << 20];
                for (int i = 0; i < 256; i++) {
                    gzip.write(zeros);
                }
            }
            HttpResponse<String> answer = push(hub, packed.toByteArray(), "gzip");

            // then
            assertThat(packed.size()).isLessThan(1 << 20);
            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(answer.body()).contains("caravan.push.maxUnpacked");
            assertThat(push(hub, new byte[] {0x1f, (byte) 0x8b, 8, 0}, "gzip").statusCode())
                    .isEqualTo(400);
            assertThat(push(hub, new byte[] {1}, "br").statusCode()).isEqualTo(415);
            assertThat(hub.get("/healthcheck").status()).isEqualTo(200);
        }
    }

    private static HttpResponse<String> push(ApiHub hub, byte[] body, String coding) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(hub.url() + "/caravan/v1/usage"))
                                .timeout(Duration.ofMinutes(1))
                                .header("Content-Type", "application/x-ndjson")
                                .header("Content-Encoding", coding)
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static String raw(int port, String request) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
