package org.caravan.hub.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.caravan.ledger.TopicPartitions;

/** What the brokers say of a topic. Safe for concurrent use. */
final class KafkaCluster implements AutoCloseable {
    private final Admin admin;
    private final String topic;
    private final Duration answer;
    private volatile String clusterId;

    /**
     * @param consumer what a consumer is told: security and all else that an admin client knows, too, holds for both
     * @param answer longest wait for an answer
     */
    KafkaCluster(Properties consumer, String topic, Duration answer) {
        Properties properties = new Properties();
        consumer.forEach((key, value) -> {
            if (AdminClientConfig.configNames().contains(key.toString())) {
                properties.put(key, value);
            }
        });
        int millis = Math.toIntExact(answer.toMillis());
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
        properties.remove(AdminClientConfig.CLIENT_ID_CONFIG);
        this.admin = Admin.create(properties);
        this.topic = topic;
        this.answer = answer;
    }

    /**
     * A topic and what its partitions hold.
     *
     * @param key {@code <cluster id>/<topic id>}
     */
    record Topic(String key, List<TopicPartitions.Log> logs) {
        /** The log of a partition. */
        TopicPartitions.Log log(int partition) {
            return logs.stream()
                    .filter(log -> log.partition() == partition)
                    .findFirst()
                    .orElseThrow(() -> new KafkaException("partition " + partition + " is not known yet"));
        }
    }

    /** Looks at all partitions of the topic. */
    Topic topic() {
        TopicDescription description = description(describe());
        List<Integer> partitions = description.partitions().stream()
                .map(TopicPartitionInfo::partition)
                .toList();
        return new Topic(key(description.topicId()), logs(partitions));
    }

    /** What some partitions hold: what transactions that are open wrote is not counted, as it can't be read yet. */
    List<TopicPartitions.Log> logs(Collection<Integer> partitions) {
        ListOffsetsOptions committed = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
        Map<TopicPartition, OffsetSpec> starts = new HashMap<>();
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (int partition : partitions) {
            starts.put(new TopicPartition(topic, partition), OffsetSpec.earliest());
            ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
        }
        var startsAnswer = admin.listOffsets(starts, committed).all();
        var endsAnswer = admin.listOffsets(ends, committed).all();
        Map<TopicPartition, ListOffsetsResultInfo> found = await(startsAnswer);
        Map<TopicPartition, ListOffsetsResultInfo> foundEnds = await(endsAnswer);
        List<TopicPartitions.Log> logs = new ArrayList<>();
        for (int partition : partitions) {
            TopicPartition key = new TopicPartition(topic, partition);
            logs.add(new TopicPartitions.Log(
                    partition, found.get(key).offset(), foundEnds.get(key).offset()));
        }
        return logs;
    }

    /** Asks what the topic is now, without waiting; {@link #key(KafkaFuture)} takes the answer. */
    KafkaFuture<TopicDescription> describe() {
        return admin.describeTopics(Set.of(topic)).topicNameValues().get(topic);
    }

    /** The topic's key by the answer; null if there is no such topic now. */
    String key(KafkaFuture<TopicDescription> answer) {
        try {
            return key(await(answer).topicId());
        } catch (UnknownTopicOrPartitionException gone) {
            return null;
        }
    }

    private TopicDescription description(KafkaFuture<TopicDescription> answer) {
        try {
            return await(answer);
        } catch (UnknownTopicOrPartitionException e) {
            throw new KafkaException("topic " + topic + " does not exist", e);
        }
    }

    private String key(Uuid topicId) {
        if (clusterId == null) {
            clusterId = await(admin.describeCluster().clusterId());
        }
        return clusterId + "/" + topicId;
    }

    private <T> T await(KafkaFuture<T> future) {
        try {
            // the client keeps the limit itself, as long as it lives
            return future.get(2 * answer.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (TimeoutException e) {
            throw new KafkaException("the brokers do not answer", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
