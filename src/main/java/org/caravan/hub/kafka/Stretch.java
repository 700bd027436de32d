package org.caravan.hub.kafka;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Messages of one partition, and the offsets that they cover: [from, to). */
final class Stretch {
    final Reader reader;
    final TopicPartition partition;
    final String key;
    final long from;
    private long to;
    private final List<List<ConsumerRecord<Object, Object>>> parts = new ArrayList<>();
    private int count;

    Stretch(Reader reader, TopicPartition partition, String key, long from) {
        this.reader = reader;
        this.partition = partition;
        this.key = key;
        this.from = from;
        this.to = from;
    }

    long to() {
        return to;
    }

    /** Messages in all. */
    int count() {
        return count;
    }

    List<List<ConsumerRecord<Object, Object>>> parts() {
        return parts;
    }

    /** Appends messages that reach up to an offset. */
    void add(List<ConsumerRecord<Object, Object>> records, long end) {
        if (!records.isEmpty()) {
            parts.add(records);
            count += records.size();
        }
        to = end;
    }

    /** Appends a stretch that begins where this one ends. */
    void add(Stretch next) {
        parts.addAll(next.parts);
        count += next.count;
        to = next.to;
    }

    /** Bytes that a message holds in memory. */
    static long bytes(ConsumerRecord<?, ?> message) {
        Object value = message.value();
        if (value instanceof ByteBuffer buffer) {
            return buffer.remaining();
        }
        return value instanceof CutValue cut ? cut.beginning().remaining() : 0;
    }
}
