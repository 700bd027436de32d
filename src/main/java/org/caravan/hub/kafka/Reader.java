package org.caravan.hub.kafka;

import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Who read a stretch; asked on the thread that reads. */
interface Reader {
    /**
     * Makes sure that what was read is of the topic that its positions name.
     *
     * @throws ChainBroken if it may not be: the topic was deleted and made again
     */
    void verify(KafkaBatch batch);

    /** Tells Kafka's tools how far the group is; nothing depends on it, so nothing waits for it and no failure matters. */
    void tell(Map<TopicPartition, OffsetAndMetadata> ends);
}
