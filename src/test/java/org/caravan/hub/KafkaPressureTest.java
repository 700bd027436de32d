package org.caravan.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.caravan.hub.cli.CaravanConsole;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.testing.Database;
import org.caravan.testing.KafkaBroker;
import org.caravan.testing.KafkaUsage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages that can't be used, that are too large, out of order; brokers and databases that are away. */
class KafkaPressureTest {
    private static final int LARGE = 10 << 20;
    private static final int LARGE_MESSAGES = 14;

    /** -Pchaos: a minute. */
    private static final long AWAY_MILLIS = Integer.getInteger("caravan.faults", 3) > 20 ? 60_000 : 1_000;

    private final KafkaUsage usage = new KafkaUsage(7, 5);

    @TempDir
    Path directory;

    private KafkaHub hub;

    @AfterEach
    void end() throws Exception {
        if (hub != null) {
            hub.close();
        }
    }

    @Test
    void whatCantBeReadIsSetAsideWithItsPlaceAndTheBeginningOfItsTextAndRetriedByCommand() throws Exception {
        // given: among good ones a tombstone, no JSON, no UTF-8, an unusable record
        KafkaBroker broker = KafkaBroker.shared();
        broker.topics().create("poison", 2);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        records.add(record("poison", 0, usage.json(0)));
        records.add(new ProducerRecord<>("poison", 0, new byte[] {1}, null));
        records.add(record("poison", 0, "no JSON \u0000"));
        records.add(new ProducerRecord<>("poison", 0, null, new byte[] {(byte) 0xff, (byte) 0xfe}));
        records.add(record("poison", 1, usage.json(1)));
        records.add(record(
                "poison",
                1,
                usage.json(2).replace("\"unit\":\"hour\"", "\"unit\":\"\"").replace("2026-10", "2027-10")));
        records.add(record("poison", 1, usage.json(3)));
        broker.topics().send(records);
        String cluster = broker.topics().cluster() + "/" + broker.topics().id("poison") + "/";

        // when
        hub = new KafkaHub(directory, broker, "poison").start();
        hub.awaitRead(7);

        // then
        assertThat(hub.ask("select sum(records) from entry")).isEqualTo("3");
        assertThat(hub.rows(
                        "select key, position, reason, coalesce(tenant, '-') from quarantine order by key, position"))
                .containsExactly(
                        cluster + "0 1 the message is empty -",
                        cluster + "0 2 holds a NUL character -",
                        cluster + "0 3 is not UTF-8 text -",
                        cluster + "1 1 begin '2027-10-01T00:00:00Z' is more than PT1H in the future tenant-2");
        assertThat(hub.ask("select raw from quarantine where position = 1 and tenant = 'tenant-2'"))
                .contains("\"id\":\"r-2\"");
        assertThat(CaravanConsole.run(hub.ledger(), "quarantine", "list")).contains("tenant-2", "the message is empty");
        // by a clock of today the record is of no future: read again, it is billed
        assertThat(CaravanConsole.run(hub.ledger(), "sources")).contains("kafka");
    }

    @Test
    void cloudEventsInBothModesAreBilledAndWhatIsHeldOfThemCanBeReadAgain() throws Exception {
        // given
        KafkaBroker broker = KafkaBroker.shared();
        broker.topics().create("events", 1);
        String data = "{\"resource\":\"vm-1\",\"quantity\":\"%s\",\"unit\":\"hour\",\"begin\":\"2026-10-0%d\","
                + "\"end\":\"2026-10-0%d\"}";
        String first =
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/nova\",\"type\":\"instance\",\"subject\":\"acme\","
                        + "\"data\":"
                        + data.formatted("1.5", 1, 2)
                                .replace("2026-10-01", "2026-10-01T00:00:00Z")
                                .replace("2026-10-02", "2026-10-01T01:00:00Z")
                        + "}";
        RecordHeaders headers = new RecordHeaders();
        Map.of("ce_specversion", "1.0", "ce_id", "2", "ce_source", "/nova", "ce_type", "instance", "ce_subject", "acme")
                .forEach((name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
        byte[] second = data.formatted("2", 2, 3)
                .replace("2026-10-02", "2026-10-02T00:00:00Z")
                .replace("2026-10-03", "2026-10-02T01:00:00Z")
                .getBytes(StandardCharsets.UTF_8);
        broker.topics()
                .send(List.of(
                        record("events", 0, first),
                        new ProducerRecord<>("events", 0, null, null, second, headers),
                        record("events", 0, first.replace("\"id\":\"1\",", ""))));

        // when
        hub = new KafkaHub(directory, broker, "events", "caravan.kafka.format=caravan-cloudevents").start();
        hub.awaitRead(3);

        // then
        assertThat(hub.ask("select sum(records) || ' ' || sum(quantity) || ' ' || sum(amount) from entry"))
                .isEqualTo("2 3.5 0.1680");
        assertThat(hub.rows("select position, reason, format, complete from quarantine"))
                .containsExactly("2 no attribute id, which a CloudEvent must have caravan-cloudevents t");
        assertThat(CaravanConsole.run(hub.ledger(), "quarantine", "retry", "--all"))
                .contains("no attribute id");
    }

    @Test
    void largeMessagesAreSetAsideInBoundedMemory() throws Exception {
        // given: more of 10 MB each than the hub's heap would hold, packed well, between good ones
        KafkaBroker broker = KafkaBroker.shared();
        broker.topics().create("large", 1, "compression.type", "producer");
        byte[] large = "x".repeat(LARGE).getBytes(StandardCharsets.UTF_8);
        try (KafkaProducer<byte[], byte[]> producer =
                broker.topics().producer(Map.of(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd"))) {
            for (int n = 0; n < LARGE_MESSAGES; n++) {
                producer.send(record("large", 0, usage.json(n)));
                producer.send(new ProducerRecord<>("large", 0, null, large));
            }
            producer.flush();
        }
        DatabaseAccess ledger = Database.freshAccess();

        // when
        try (HubFleet hubs = new HubFleet(directory, ledger, broker, "large")) {
            Process process = hubs.start("128m");
            awaitPositions(ledger, 2 * LARGE_MESSAGES, process);

            // then
            assertThat(RunningHub.ask(ledger, "select sum(records) from entry"))
                    .isEqualTo(Integer.toString(LARGE_MESSAGES));
            assertThat(RunningHub.ask(
                            ledger,
                            "select concat_ws(' ', count(*), min(octet_length(raw)), max(octet_length(raw)),"
                                    + " bool_or(complete), min(reason)) from quarantine"))
                    .isEqualTo(LARGE_MESSAGES + " 4096 4096 f the message is longer than 65536 bytes");
            hubs.end(0);
        }
    }

    private static void awaitPositions(DatabaseAccess ledger, long messages, Process hub) throws Exception {
        RunningHub.await(messages + " messages are read", () -> {
            assertThat(hub.isAlive()).isTrue();
            try {
                String read = RunningHub.ask(ledger, "select sum(value) from position");
                return read != null && Long.parseLong(read) == messages;
            } catch (SQLException notYet) {
                return false;
            }
        });
    }

    @Test
    void aHubWhoseDatabaseIsAwayLosesNothingSaysSoAndGoesOnByItself() throws Exception {
        // given
        KafkaBroker broker = KafkaBroker.shared();
        broker.topics().create("nowhere", 2);
        broker.topics().send("nowhere", 0, usage.json(0, 200));
        int port = RunningHub.freePort();
        hub = new KafkaHub(
                        directory,
                        broker,
                        "nowhere",
                        "caravan.management.port=" + port,
                        "caravan.management.interval=200ms",
                        "caravan.ledger.connectionWait=1s",
                        "caravan.health.ledgerSilence=1s")
                .start();
        hub.awaitRead(200);

        // when: it takes no connection any more, and usage comes
        Database.shut(hub.ledger());
        broker.topics().send("nowhere", 0, usage.json(200, 400));
        broker.topics().send("nowhere", 1, usage.json(400, 600));
        hub.await("health says so", () -> get(port, "/observe/health/ready").contains("the ledger does not answer"));
        Thread.sleep(AWAY_MILLIS);
        assertThat(get(port, "/observe/health/ready")).contains("the ledger does not answer");
        Database.open(hub.ledger());
        hub.awaitRead(600);

        // then
        assertThat(hub.totals()).hasToString(usage.totals(0, 600).toString());
        assertThat(hub.ask("select sum(duplicate) + sum(conflict) + sum(quarantined) from batch"))
                .isEqualTo("0");
        hub.await("health is well", () -> !get(port, "/observe/health/ready").contains("DOWN"));
        hub.await("the source is well", () -> hub.ask("select last_error from source where name = 'kafka'") == null);
    }

    private static String get(int port, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void anHourOutOfOrderIsBilledAsIfItWereInOrder() throws Exception {
        // given
        KafkaBroker broker = KafkaBroker.shared();
        broker.topics().create("shuffled", 2);
        List<String> records = new ArrayList<>(usage.json(0, 3_500));
        Collections.shuffle(records, new Random(1));
        broker.topics().send("shuffled", 0, records.subList(0, 1_750));
        broker.topics().send("shuffled", 1, records.subList(1_750, 3_500));

        // when
        hub = new KafkaHub(directory, broker, "shuffled", "caravan.kafka.batchRecords=150").start();
        hub.awaitRead(3_500);

        // then
        assertThat(hub.totals()).hasToString(usage.totals(0, 3_500).toString());
        assertThat(hub.ask("select sum(duplicate) + sum(conflict) + sum(quarantined) from batch"))
                .isEqualTo("0");
    }

    @Test
    void aHubWhoseBrokersAreAwaySaysSoAndGoesOnByItself() throws Exception {
        // given
        try (KafkaBroker broker = KafkaBroker.start(directory.resolve("own"))) {
            broker.topics().create("away", 2);
            broker.topics().send("away", 0, usage.json(0, 100));
            hub = new KafkaHub(directory, broker, "away").start();
            hub.awaitRead(100);

            // when
            broker.kill();
            hub.await("the source fails", () -> hub.ask("select last_error from source where name = 'kafka'") != null);

            // then
            assertThat(CaravanConsole.run(hub.ledger(), "status")).contains("source kafka failed");

            // when
            broker.start();
            broker.topics().send("away", 1, usage.json(100, 200));
            hub.awaitRead(200);

            // then
            assertThat(hub.totals()).hasToString(usage.totals(0, 200).toString());
            hub.await("all is well", () -> hub.ask("select last_error from source where name = 'kafka'") == null);
            hub.close();
        }
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, int partition, String text) {
        return new ProducerRecord<>(topic, partition, null, text.getBytes(StandardCharsets.UTF_8));
    }
}
