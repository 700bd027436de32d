package org.caravan.hub.kafka;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * A consumer that hands on whole batches: each poll gives one record per partition, a {@link Stretch} of messages with the
 * offsets that it covers. For camel-kafka's one thread.
 */
@SuppressWarnings({"rawtypes", "unchecked"})
final class LedgerConsumer extends KafkaConsumer<Object, Object> implements Reader {
    private final KafkaSource source;
    private final LedgerPositions positions;
    private final KafkaSettings settings;
    private final Map<TopicPartition, Chain> chains = new HashMap<>();
    private final Map<TopicPartition, KafkaSource.Assigned> stopped = new HashMap<>();
    private final Collected collected = new Collected(this);
    private boolean handedOn;
    private boolean assigned;
    private long lastLook;

    /** What the topic is, asked for after the newest batch was fetched. */
    private KafkaFuture<TopicDescription> topicNow;

    LedgerConsumer(Properties properties, KafkaSource source, LedgerPositions positions) {
        super(
                properties,
                (Deserializer) new ByteBufferDeserializer(),
                new MessageDeserializer(
                        source.settings().maxMessageBytes(), source.settings().keptBytes()));
        this.source = source;
        this.positions = positions;
        this.settings = source.settings();
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        super.subscribe(topics, new Assignment(listener));
    }

    @Override
    public ConsumerRecords<Object, Object> poll(Duration timeout) {
        if (handedOn) {
            // with batchingIntervalMs=0 camel-kafka now passes on what it was given, before it takes more
            handedOn = false;
            return ConsumerRecords.empty();
        }
        try {
            lookAtStopped();
            collect(timeout);
            if (collected.isEmpty()) {
                if (assigned && chains.values().stream().allMatch(Chain::isCaughtUp)) {
                    source.succeeded();
                }
                return ConsumerRecords.empty();
            }
            topicNow = source.cluster().describe();
            handedOn = true;
            return collected.take();
        } catch (WakeupException | InterruptException e) {
            throw e;
        } catch (SQLException | RuntimeException e) {
            source.failing(e);
            // as no other exception: camel-kafka gives up for good where a broker refuses to know us
            throw new KafkaException(Failure.line(e), e);
        }
    }

    /** Polls until a batch is full, or has waited long enough for more, or nothing came. */
    private void collect(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        boolean begun = false;
        while (true) {
            add(super.poll(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))));
            if (!begun && !collected.isEmpty()) {
                begun = true;
                deadline = System.nanoTime() + settings.batchWait().toNanos();
            }
            if (collected.count() >= settings.batchRecords()
                    || collected.bytes() >= settings.batchBytes()
                    || System.nanoTime() >= deadline) {
                return;
            }
        }
    }

    private void add(ConsumerRecords<Object, Object> records) {
        Set<TopicPartition> moved = new HashSet<>(records.partitions());
        moved.addAll(records.nextOffsets().keySet());
        for (TopicPartition partition : moved) {
            Chain chain = chains.get(partition);
            OffsetAndMetadata next = records.nextOffsets().get(partition);
            if (chain == null || next == null) {
                throw new ChainBroken(partition + " was read without being assigned");
            }
            collected.add(partition, chain, records.records(partition), next.offset());
        }
    }

    // ---- which partitions, and from where --------------------------------------------------------------------------

    private final class Assignment implements ConsumerRebalanceListener {
        private final ConsumerRebalanceListener camel;

        Assignment(ConsumerRebalanceListener camel) {
            this.camel = camel;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> added) {
            if (!added.isEmpty()) {
                begin(added, places(added));
                camel.onPartitionsAssigned(added);
                pauseStopped(added);
            }
            assigned = true;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> gone) {
            forget(gone);
            camel.onPartitionsRevoked(gone);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> gone) {
            forget(gone);
            camel.onPartitionsLost(gone);
        }
    }

    private List<KafkaSource.Assigned> places(Collection<TopicPartition> added) {
        try {
            return source.assigned(added.stream().map(TopicPartition::partition).toList());
        } catch (SQLException e) {
            throw new KafkaException("the ledger can't be asked where to begin: " + e.getMessage(), e);
        }
    }

    private void begin(Collection<TopicPartition> added, List<KafkaSource.Assigned> places) {
        forget(added);
        Map<String, Long> offsets = new HashMap<>();
        for (KafkaSource.Assigned one : places) {
            TopicPartition partition =
                    new TopicPartition(settings.topic(), one.place().partition());
            offsets.put(
                    partition.topic() + "/" + partition.partition(), one.place().position());
            begin(partition, one);
        }
        positions.assign(offsets);
    }

    private void begin(TopicPartition partition, KafkaSource.Assigned one) {
        if (one.place().stopped() == null) {
            chains.put(
                    partition,
                    new Chain(
                            one.place().key(), one.place().position(), one.log().end()));
        } else {
            stopped.put(partition, one);
        }
    }

    private void pauseStopped(Collection<TopicPartition> added) {
        pause(added.stream().filter(stopped::containsKey).toList());
    }

    private void forget(Collection<TopicPartition> gone) {
        chains.keySet().removeAll(gone);
        stopped.keySet().removeAll(gone);
        collected.forget(gone);
    }

    /** Now and then: whether one that stands still may be read on. */
    private void lookAtStopped() throws SQLException {
        long now = System.nanoTime();
        if (stopped.isEmpty() || now - lastLook < settings.look().toNanos()) {
            return;
        }
        lastLook = now;
        for (TopicPartition partition : List.copyOf(stopped.keySet())) {
            KafkaSource.Assigned before = stopped.get(partition);
            String key = before.place().key();
            KafkaSource.Assigned on = source.goneOn(before.place(), key.substring(0, key.lastIndexOf('/')));
            if (on != null) {
                stopped.remove(partition);
                begin(partition, on);
                seek(partition, on.place().position());
                resume(List.of(partition));
            }
        }
    }

    // ---- what the route asks ---------------------------------------------------------------------------------------

    @Override
    public void verify(KafkaBatch batch) {
        String now = source.cluster().key(topicNow);
        for (Stretch stretch : batch.stretches()) {
            // a topic that is gone now was there until after these messages were fetched
            if (now != null && !stretch.key.startsWith(now + "/")) {
                throw new ChainBroken("topic " + settings.topic()
                        + " was deleted and made again while it was read; reading begins again");
            }
        }
    }

    @Override
    public void tell(Map<TopicPartition, OffsetAndMetadata> ends) {
        try {
            commitAsync(ends, (offsets, failure) -> {});
        } catch (KafkaException | IllegalStateException e) {
            // the tools see it with the next batch
            return;
        }
    }
}
