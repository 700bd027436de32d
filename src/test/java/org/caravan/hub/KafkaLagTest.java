package org.caravan.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import javax.management.ObjectName;
import org.caravan.hub.cli.CaravanConsole;
import org.caravan.testing.KafkaBroker;
import org.caravan.testing.KafkaUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far a topic's partitions are behind, by the ledger, as operators see it. */
class KafkaLagTest {
    private static final String TOPIC = "lag";

    private final KafkaBroker broker = KafkaBroker.shared();
    private final KafkaUsage usage = new KafkaUsage(7, 5);
    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    @Test
    void metricsBeansCommandAndHealthTellTheLagOfEachPartitionUntilItIsRead() throws Exception {
        // given: 100 messages of each partition are read
        int port = RunningHub.freePort();
        broker.topics().create(TOPIC, 3);
        for (int partition = 0; partition < 3; partition++) {
            broker.topics().send(TOPIC, partition, usage.json(partition * 100L, partition * 100L + 100));
        }
        try (KafkaHub hub = new KafkaHub(
                directory,
                broker,
                TOPIC,
                "caravan.management.port=" + port,
                "caravan.management.interval=100ms",
                "caravan.health.lag=200")) {
            hub.start();
            hub.awaitRead(300);
            hub.await("no lag", () -> metric(port, "lag_messages", 1).equals("0.0"));
            assertThat(get(port, "/observe/health")).doesNotContain("messages behind");
            hub.close();

            // when: the ledger takes no more, partition 0 comes beyond the limit, 1 up to it, and 2 loses what was not
            // read
            hub.execute(
                    "create function refuse() returns trigger language plpgsql as $$ begin raise 'not yet'; end $$");
            hub.execute("create trigger refuse before insert on batch for each row execute function refuse()");
            broker.topics().send(TOPIC, 0, usage.json(300, 501));
            broker.topics().send(TOPIC, 1, usage.json(501, 701));
            broker.topics().send(TOPIC, 2, usage.json(701, 1_001));
            broker.topics().eat(TOPIC, 2, 150);
            hub.start();
            hub.await(
                    "the lag is told",
                    () -> metric(port, "lag_messages", 0).equals("201.0")
                            && metric(port, "stopped", 2).equals("1.0"));

            // then: what the log has lost is no lag
            assertThat(metric(port, "lag_messages", 1)).isEqualTo("200.0");
            assertThat(metric(port, "lag_messages", 2)).isEqualTo("250.0");
            assertThat(metric(port, "stopped", 0)).isEqualTo("0.0");
            assertThat(attribute("sources", "kafka", "Lag")).isEqualTo(651L);
            assertThat(attribute("sources", "kafka", "StoppedPartitions")).isEqualTo(1L);
            assertThat((String[]) attribute("sources", "kafka", "Partitions")).hasSize(3);
            assertThat(((String[]) attribute("sources", "kafka", "Partitions"))[0])
                    .startsWith("lag/0: at 100 of [0, 301), lag 201, seen 2");
            assertThat(((String[]) attribute("sources", "kafka", "Partitions"))[2])
                    .startsWith("lag/2: at 100 of [150, 400), lag 250, seen 2")
                    .contains(", stands still: usage was removed from the log before it was read");
            assertThat(get(port, "/observe/health"))
                    .contains(
                            "source kafka: partition 2 stands still for",
                            "the ledger stands at 100, the log holds [150")
                    .contains("caravan sources go-on kafka 2 --from 150 --reason TEXT");
            assertThat((String[]) attribute("caravan", "hub", "Findings"))
                    .anyMatch(finding -> finding.contains("source kafka: partition 0 is 201 messages behind"
                            + " (ledger at 100, log ends at 301); see that hubs read it"));
            assertThat(CaravanConsole.run(hub.ledger(), "sources").lines().map(line -> line.replaceAll(" +", " ")))
                    .anyMatch(line -> line.startsWith("lag/0 100 0 301 201 ") && line.endsWith(" ok"))
                    .anyMatch(line -> line.startsWith("lag/2 100 150 400 250 ") && line.endsWith(" STANDS STILL"));

            // when
            hub.execute("drop trigger refuse on batch");
            CaravanConsole.run(
                    hub.ledger(), "sources", "go-on", "kafka", "2", "--from", "150", "--reason", "50 are lost");
            hub.awaitRead(1_001);

            // then
            hub.await(
                    "no lag",
                    () -> "0".equals(attribute("sources", "kafka", "Lag").toString())
                            && metric(port, "lag_messages", 0).equals("0.0")
                            && metric(port, "stopped", 2).equals("0.0")
                            && !get(port, "/observe/health").contains("partition"));
        }
    }

    /** A gauge of a partition; empty while it is not known. */
    private String metric(int port, String name, int partition) throws Exception {
        String series = "caravan_source_partition_" + name + "{partition=\"" + partition + "\",source=\"kafka\"} ";
        return get(port, "/observe/metrics")
                .lines()
                .filter(line -> line.startsWith(series))
                .map(line -> line.substring(series.length()))
                .findFirst()
                .orElse("");
    }

    private static Object attribute(String type, String name, String attribute) throws Exception {
        return ManagementFactory.getPlatformMBeanServer()
                .getAttribute(
                        new ObjectName(
                                "org.apache.camel:context=caravan,type=" + type + ",name=" + ObjectName.quote(name)),
                        attribute);
    }

    private String get(int port, String path) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
