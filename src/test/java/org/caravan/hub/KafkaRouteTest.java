package org.caravan.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.caravan.testing.KafkaBroker;
import org.caravan.testing.KafkaUsage;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KafkaRouteTest {
    private final KafkaBroker broker = KafkaBroker.shared();
    private final KafkaUsage usage = new KafkaUsage(7, 5);

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void aTopicIsReadOnceAndGoesOnWhereTheLedgerStandsWhateverTheGroupSays(KafkaHub.Ledger ledger) throws Exception {
        // given
        String topic = "once-" + ledger;
        broker.topics().create(topic, 3);
        for (int partition = 0; partition < 3; partition++) {
            broker.topics().send(topic, partition, usage.json(partition * 1_000L, (partition + 1) * 1_000L));
        }
        KafkaHub hub = new KafkaHub(directory, ledger, broker, topic, "caravan.kafka.batchRecords=300");

        // when
        try (hub) {
            hub.start();
            hub.awaitRead(3_000);

            // then
            assertThat(hub.totals()).hasToString(usage.totals(0, 3_000).toString());
            hub.await("the group is told", () -> broker.topics().committed(topic, topic).values().stream()
                    .allMatch(offset -> offset == 1_000));
        }

        // when: the group is moved by hand while no hub runs, and more comes
        broker.topics().moveGroup(topic, topic, 0, 1_300);
        broker.topics().moveGroup(topic, topic, 1, 0);
        for (int partition = 0; partition < 3; partition++) {
            broker.topics().send(topic, partition, usage.json(3_000 + partition * 500, 3_500 + partition * 500));
        }
        try (hub) {
            hub.start();
            hub.awaitRead(4_500);

            // then
            assertThat(hub.totals()).hasToString(usage.totals(0, 4_500).toString());
            assertThat(hub.ask("select sum(duplicate) + sum(conflict) + sum(quarantined) from batch"))
                    .isEqualTo("0");
        }
    }
}
