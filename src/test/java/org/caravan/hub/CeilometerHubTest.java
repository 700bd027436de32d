package org.caravan.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.caravan.api.auth.ApiKeys;
import org.caravan.common.Json;
import org.caravan.hub.cli.CaravanConsole;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.Database;
import org.caravan.testing.KafkaBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples by all three ways into a running hub, with the shipped routes and the shipped example. */
class CeilometerHubTest {
    /** Too early for October to be over, so that only samples move the hours on. */
    private static final Instant NOW = Instant.parse("2026-10-02T01:00:00Z");

    private static final Path METERS = Path.of("examples/ceilometer.yaml").toAbsolutePath();
    private static final Path SAMPLES = Path.of("examples/samples.jsonl");

    private final DatabaseAccess ledger = Database.freshAccess();

    @TempDir
    Path directory;

    @Test
    void samplesOfFilesOfATopicAndOfPushesBecomeUsageHourByHour() throws Exception {
        // given: the example in the inbox, an instance in the topic
        KafkaBroker broker = KafkaBroker.shared();
        String topic = "metering.sample";
        broker.topics().create(topic, 2);
        String signed = traffic("moa-arts", "2026-10-01T01:10:00", "3000000000");
        broker.topics().send(topic, 0, envelope(signed, "s3cret"), envelope(signed, "guessed"));
        Path samples = Files.createDirectory(directory.resolve("samples"));
        Files.copy(SAMPLES, samples.resolve("samples.jsonl"));
        int port = RunningHub.freePort();

        // when
        try (RunningHub hub = RunningHub.start(
                ledger,
                Files.createDirectory(directory.resolve("in")),
                Clock.offset(Clock.systemUTC(), Duration.between(Instant.now(), NOW)),
                "caravan.meters=" + METERS,
                "caravan.auth=key",
                "caravan.api.port=" + port,
                "caravan.api.keyFile=" + directory.resolve("operator.key"),
                "caravan.kafka.batchWait=50ms",
                "caravan.kafka.look=200ms",
                "caravan.ceilometer.brokers=" + broker.address(),
                "caravan.ceilometer.topic=" + topic,
                "caravan.ceilometer.group=" + topic,
                "caravan.ceilometer.inbox=" + samples,
                "caravan.ceilometer.push=true",
                "caravan.ceilometer.secret=s3cret",
                "caravan.ceilometer.datacenter=nz-por-1",
                "caravan.ceilometer.period=200ms")) {
            assertThat(hub.running.routes())
                    .contains("metering-ceilometer-files", "metering-ceilometer-kafka", "metering-ceilometer-windows");
            String key =
                    new ApiKeys(Database.of(ledger), Clock.systemUTC()).create("ceilometer", ApiKeys.Kind.SOURCE, null);

            // then: a push is answered once it is kept, and known when it comes again
            String push = "[" + traffic("moa-arts", "2026-10-01T01:20:00", "1000000000") + "]";
            assertThat(post(port, null, push).statusCode()).isEqualTo(401);
            assertThat(post(port, "wrong", push).statusCode()).isEqualTo(401);
            assertThat(post(port, key, "no json").statusCode()).isEqualTo(400);
            String confined = new ApiKeys(Database.of(ledger), Clock.systemUTC())
                    .create(
                            new ApiKeys.Wanted(
                                    "confined", ApiKeys.Kind.SOURCE, "confined", Set.of("kea-robotics"), false),
                            made -> {});
            HttpResponse<String> refused = post(port, confined, push);
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).contains("speaks for some tenants alone");
            HttpResponse<String> kept = post(port, key, push);
            assertThat(kept.statusCode()).as(kept.body()).isEqualTo(200);
            assertThat(Json.mapper().readTree(kept.body()).get("stored").asInt())
                    .isEqualTo(1);
            assertThat(Json.mapper()
                            .readTree(post(port, key, push + " ").body())
                            .get("duplicate")
                            .asInt())
                    .isEqualTo(1);

            // when: the newest sample is of the next day
            post(port, key, traffic("moa-arts", "2026-10-02T00:00:00", "0"));
            RunningHub.await("usage of all hours is made", () -> "t"
                    .equals(RunningHub.ask(
                            ledger,
                            "select rated_until >= '2026-10-01 22:00+00' from source where name = 'ceilometer'")));
        }

        // then: by hand from the file: 8,400 s and 5,700 s of the two flavors, 4 hours of 20 GiB and of an address, 5
        // hours of
        // 10 GiB, since the sample of 03:55 is read with the hour that follows, too
        assertThat(billed("kea-robotics"))
                .isEqualTo(
                        "Root disk 50 GiB-hour, Volume b1.standard 80 GiB-hour, c1.c2r4 2.333333 hour, c1.c4r8 1.583333 hour");
        // 0.25 + 0.5 + 0.75 + 1 GB
        assertThat(billed("weka-games")).isEqualTo("Floating IP 4 hour, Traffic out 2.5 GB");
        assertThat(billed("moa-arts")).isEqualTo("Traffic out 4 GB");
        assertThat(RunningHub.ask(ledger, "select sum(conflict) + sum(duplicate) from batch"))
                .isEqualTo("0");
        assertThat(RunningHub.ask(ledger, "select count(*) || ' ' || min(reason) from quarantine"))
                .startsWith("1 its signature is missing or wrong");
        assertThat(Files.exists(samples.resolve(".done/samples.jsonl"))).isTrue();
        assertThat(CaravanConsole.run(ledger, "sources"))
                .contains("ceilometer-files: 40 stored, 0 of them late", "4 of meters without transformer")
                .contains("ceilometer-kafka: 1 stored", "ceilometer-push: 2 stored, 0 of them late, 1 duplicate");

        // when: an hour is made again
        String again = CaravanConsole.run(
                ledger,
                "sources",
                "recollect",
                "moa-arts",
                "2026-10-01T01:00:00Z",
                "--set",
                "caravan.meters=" + METERS,
                "--set",
                "caravan.tariff=examples/tariff.yaml",
                "--set",
                "caravan.ceilometer.datacenter=nz-por-1");

        // then
        assertThat(again).contains("0 billed, 1 as billed before, 0 in conflict, 0 unusable");
    }

    private String billed(String tenant) throws Exception {
        return RunningHub.ask(
                ledger,
                """
                select string_agg(line, ', ' order by line collate "C") from (
                  select p.value || ' ' || trim_scale(round(sum(e.quantity), 6)) || ' ' || u.value as line
                    from entry e join tenant t on t.id = e.tenant join term p on p.id = e.product
                    join term u on u.id = e.unit
                   where t.name = '%s' group by p.value, u.value) l
                """
                        .formatted(tenant));
    }

    private static String traffic(String tenant, String at, String bytes) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("source", "openstack")
                .put("name", "network.outgoing.bytes.delta")
                .put("type", "delta")
                .put("unit", "B")
                .put("volume", Long.parseLong(bytes))
                .put("project_id", tenant)
                .put("resource_id", "port")
                .put("timestamp", at)
                .put("id", tenant + at)
                .toString();
    }

    /** As a notification of oslo.messaging lies in a topic, with the field names of messages. */
    private static String envelope(String sample, String secret) throws Exception {
        ObjectNode named = (ObjectNode) Json.mapper()
                .readTree(sample.replace("\"name\"", "\"counter_name\"")
                        .replace("\"unit\"", "\"counter_unit\"")
                        .replace("\"volume\"", "\"counter_volume\"")
                        .replace("\"id\"", "\"message_id\""));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        TreeMap<String, String> fields = new TreeMap<>();
        named.fields()
                .forEachRemaining(
                        field -> fields.put(field.getKey(), field.getValue().asText()));
        fields.forEach((name, value) -> mac.update((name + value).getBytes(StandardCharsets.UTF_8)));
        named.put("message_signature", HexFormat.of().formatHex(mac.doFinal()));
        String message = "{\"event_type\":\"metering\",\"publisher_id\":\"telemetry.publisher.c1\",\"payload\":["
                + named + "],\"_context\":{}}";
        return Json.mapper().writeValueAsString(Map.of("oslo.version", "2.0", "oslo.message", message));
    }

    /** As Ceilometer's HTTP publisher does, which knows basic authentication alone. */
    private static HttpResponse<String> post(int port, String key, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/caravan/v1/samples"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (key != null) {
            request.header(
                    "Authorization",
                    "Basic "
                            + Base64.getEncoder()
                                    .encodeToString(("ceilometer:" + key).getBytes(StandardCharsets.UTF_8)));
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
