package org.caravan.hub.kafka;

import static org.caravan.hub.source.SourceFinding.bad;
import static org.caravan.hub.source.SourceFinding.good;
import static org.caravan.hub.source.SourceFinding.warning;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.caravan.hub.source.SourceCheck;
import org.caravan.hub.source.SourceFinding;
import org.caravan.ledger.TopicPartitions;

/** Tries a topic: whether the brokers answer, what it holds, and whether its newest message may be read. */
public final class KafkaCheck implements SourceCheck {
    private final KafkaSettings settings;
    private final Properties consumer;

    /** @param consumer what the route's consumers are told */
    public KafkaCheck(KafkaSettings settings, Properties consumer) {
        this.settings = settings;
        this.consumer = consumer;
    }

    @Override
    public String name() {
        return settings.source();
    }

    @Override
    public String kind() {
        return KafkaSource.KIND;
    }

    @Override
    public List<SourceFinding> check() {
        List<SourceFinding> found = new ArrayList<>();
        KafkaCluster.Topic topic;
        try (KafkaCluster cluster = new KafkaCluster(consumer, settings.topic(), settings.answer())) {
            topic = cluster.topic();
        } catch (RuntimeException e) {
            found.add(bad(
                    "reachable",
                    e.getCause() instanceof UnknownTopicOrPartitionException
                            ? "topic " + settings.topic() + " does not exist"
                            : "topic " + settings.topic() + ": " + Failure.line(e),
                    "see that the brokers of caravan.kafka.brokers run, that the topic exists, and that this user may"
                            + " describe it (camel.component.kafka.*)"));
            return found;
        }
        long messages =
                topic.logs().stream().mapToLong(log -> log.end() - log.start()).sum();
        found.add(good(
                "reachable",
                "topic " + settings.topic() + " (" + topic.key() + "), "
                        + topic.logs().size() + (topic.logs().size() == 1 ? " partition" : " partitions")));
        if (messages == 0) {
            found.add(warning("messages", "the topic holds none", "see that something is sent to it"));
            return found;
        }
        found.add(good("messages", messages + " offsets are held"));
        found.add(newest(topic));
        return found;
    }

    /** Reads the last message of each partition, outside of any group. */
    private SourceFinding newest(KafkaCluster.Topic topic) {
        Properties own = new Properties();
        own.putAll(consumer);
        own.remove(ConsumerConfig.GROUP_ID_CONFIG);
        own.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        own.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        own.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        own.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        Instant newest = Instant.MIN;
        try (KafkaConsumer<byte[], byte[]> reading = new KafkaConsumer<>(own)) {
            List<TopicPartition> partitions = new ArrayList<>();
            topic.logs().stream()
                    .filter(log -> log.end() > log.start())
                    .forEach(log -> partitions.add(new TopicPartition(settings.topic(), log.partition())));
            reading.assign(partitions);
            for (TopicPartition partition : partitions) {
                TopicPartitions.Log log = topic.log(partition.partition());
                reading.seek(partition, Math.max(log.start(), log.end() - 1));
            }
            long deadline = System.nanoTime() + settings.answer().toNanos();
            while (newest.equals(Instant.MIN) && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : reading.poll(Duration.ofMillis(500))) {
                    Instant at = Instant.ofEpochMilli(record.timestamp());
                    newest = at.isAfter(newest) ? at : newest;
                }
            }
        } catch (KafkaException e) {
            return bad("permission", "messages can't be read: " + Failure.line(e), "let this user read the topic");
        }
        return newest.equals(Instant.MIN)
                ? warning(
                        "newest", "no message was read in " + settings.answer().toSeconds() + " s", "try again")
                : good("newest", "a message of " + newest);
    }
}
