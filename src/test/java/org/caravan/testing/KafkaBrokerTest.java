package org.caravan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaBrokerTest {
    @TempDir
    Path directory;

    @Test
    void aBrokerThatWasKilledOrStoppedHasItsTopicsAndItsAddressAgain() {
        // given
        try (KafkaBroker broker = KafkaBroker.start(directory)) {
            String address = broker.address();
            broker.topics().create("usage", 2);
            broker.topics().send("usage", 1, "one", "two");
            String id = broker.topics().id("usage");

            // when
            broker.kill();
            broker.start();
            broker.topics().send("usage", 1, "three");
            broker.stop();
            broker.start();

            // then
            assertThat(broker.address()).isEqualTo(address);
            assertThat(broker.topics().id("usage")).isEqualTo(id);
            assertThat(broker.topics().ends("usage")).containsExactly(0L, 3L);
        }
    }
}
