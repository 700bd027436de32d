package org.caravan.hub.kafka;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.caravan.metering.PositionRange;
import org.caravan.metering.UsageMessages;

/** The messages of one batch, partition by partition. */
final class KafkaBatch implements UsageMessages {
    private final List<Stretch> stretches;
    private final List<PositionRange> positions;
    private int index = -1;
    private Iterator<List<ConsumerRecord<Object, Object>>> parts =
            List.<List<ConsumerRecord<Object, Object>>>of().iterator();
    private Iterator<ConsumerRecord<Object, Object>> records =
            List.<ConsumerRecord<Object, Object>>of().iterator();
    private ConsumerRecord<Object, Object> message;

    /**
     * @param stretches in the order in which they were read; where one does not go on where the one before it of its
     *     partition ended, the partition was read again from where the ledger stands, so the one before it counts for nothing
     */
    KafkaBatch(String source, Collection<Stretch> stretches) {
        Map<TopicPartition, Stretch> joined = new LinkedHashMap<>();
        for (Stretch stretch : stretches) {
            Stretch before = joined.get(stretch.partition);
            if (before != null && before.to() == stretch.from && before.key.equals(stretch.key)) {
                before.add(stretch);
            } else {
                joined.put(stretch.partition, stretch);
            }
        }
        this.stretches = List.copyOf(joined.values());
        this.positions = this.stretches.stream()
                .map(stretch -> new PositionRange(source, stretch.key, stretch.from, stretch.to(), false))
                .toList();
    }

    List<Stretch> stretches() {
        return stretches;
    }

    /** What to tell the group once the batch is in the ledger. */
    Map<TopicPartition, OffsetAndMetadata> ends() {
        Map<TopicPartition, OffsetAndMetadata> ends = new LinkedHashMap<>();
        stretches.forEach(stretch -> ends.put(stretch.partition, new OffsetAndMetadata(stretch.to())));
        return ends;
    }

    @Override
    public int size() {
        return stretches.stream().mapToInt(Stretch::count).sum();
    }

    @Override
    public List<PositionRange> positions() {
        return positions;
    }

    @Override
    public boolean next() {
        while (!records.hasNext()) {
            while (!parts.hasNext()) {
                if (index + 1 >= stretches.size()) {
                    return false;
                }
                parts = stretches.get(++index).parts().iterator();
            }
            records = parts.next().iterator();
        }
        message = records.next();
        return true;
    }

    @Override
    public int positionIndex() {
        return index;
    }

    @Override
    public long position() {
        return message.offset();
    }

    @Override
    public ByteBuffer value() {
        return message.value() instanceof CutValue cut ? cut.beginning() : (ByteBuffer) message.value();
    }

    @Override
    public long length() {
        if (message.value() instanceof CutValue cut) {
            return cut.length();
        }
        return message.value() == null ? 0 : ((ByteBuffer) message.value()).remaining();
    }

    @Override
    public void headers(BiConsumer<String, byte[]> consumer) {
        for (Header header : message.headers()) {
            consumer.accept(header.key(), header.value());
        }
    }
}
