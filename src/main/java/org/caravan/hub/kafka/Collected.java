package org.caravan.hub.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** What was polled for the batch in the making. For one thread. */
final class Collected {
    private final Reader reader;
    private final Map<TopicPartition, Stretch> stretches = new LinkedHashMap<>();
    private int count;
    private long bytes;

    Collected(Reader reader) {
        this.reader = reader;
    }

    boolean isEmpty() {
        return stretches.isEmpty();
    }

    int count() {
        return count;
    }

    long bytes() {
        return bytes;
    }

    void add(TopicPartition partition, Chain chain, List<ConsumerRecord<Object, Object>> records, long to) {
        long first = records.isEmpty() ? to : records.get(0).offset();
        long from = chain.advance(first, to);
        stretches
                .computeIfAbsent(partition, p -> new Stretch(reader, p, chain.key, from))
                .add(records, to);
        count += records.size();
        for (ConsumerRecord<Object, Object> message : records) {
            bytes += Stretch.bytes(message);
        }
    }

    /** Forgets what was collected of partitions that are read from elsewhere now, by another or from another offset. */
    void forget(Collection<TopicPartition> partitions) {
        stretches.keySet().removeAll(partitions);
    }

    /**
     * Hands everything on: one record per partition, whose value is the {@link Stretch} and whose offset is that of its end.
     */
    ConsumerRecords<Object, Object> take() {
        Map<TopicPartition, List<ConsumerRecord<Object, Object>>> records = new LinkedHashMap<>();
        Map<TopicPartition, OffsetAndMetadata> next = new LinkedHashMap<>();
        stretches.forEach((partition, stretch) -> {
            List<ConsumerRecord<Object, Object>> one = new ArrayList<>(1);
            one.add(new ConsumerRecord<>(
                    partition.topic(), partition.partition(), Math.max(0, stretch.to() - 1), null, stretch));
            records.put(partition, one);
            next.put(partition, new OffsetAndMetadata(stretch.to()));
        });
        stretches.clear();
        count = 0;
        bytes = 0;
        return new ConsumerRecords<>(records, next);
    }
}
