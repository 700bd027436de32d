package org.caravan.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What tests do with the topics of a broker. Each call waits until it is done. */
public final class Topics {
    private static final long PAUSE_MILLIS = 20;

    private final Map<String, Object> client;

    Topics(Map<String, Object> client) {
        this.client = client;
    }

    /** Makes a topic; {@code config} are pairs of key and value. */
    public void create(String topic, int partitions, String... config) {
        Map<String, String> settings = new TreeMap<>();
        for (int i = 0; i < config.length; i += 2) {
            settings.put(config[i], config[i + 1]);
        }
        try (Admin admin = Admin.create(client)) {
            await(admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(settings)))
                    .all());
        }
    }

    /** Deletes it; returns once the broker does not know it any more. */
    public void delete(String topic) {
        try (Admin admin = Admin.create(client)) {
            await(admin.deleteTopics(Set.of(topic)).all());
            while (await(admin.listTopics().names()).contains(topic)) {
                pause();
            }
        }
    }

    /** Adds partitions up to a number. */
    public void grow(String topic, int partitions) {
        try (Admin admin = Admin.create(client)) {
            await(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions)))
                    .all());
        }
    }

    /** Removes what lies below an offset, as retention does. */
    public void eat(String topic, int partition, long below) {
        try (Admin admin = Admin.create(client)) {
            await(admin.deleteRecords(Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(below)))
                    .all());
        }
    }

    /** The id that the broker gave it. */
    public String id(String topic) {
        try (Admin admin = Admin.create(client)) {
            return describe(admin, topic).topicId().toString();
        }
    }

    /** The id of the cluster. */
    public String cluster() {
        try (Admin admin = Admin.create(client)) {
            return await(admin.describeCluster().clusterId());
        }
    }

    /** The end of each partition, in their order. */
    public List<Long> ends(String topic) {
        try (Admin admin = Admin.create(client)) {
            Map<TopicPartition, OffsetSpec> wanted = new java.util.HashMap<>();
            int partitions = describe(admin, topic).partitions().size();
            for (int partition = 0; partition < partitions; partition++) {
                wanted.put(new TopicPartition(topic, partition), OffsetSpec.latest());
            }
            var found = await(admin.listOffsets(wanted).all());
            List<Long> ends = new ArrayList<>();
            for (int partition = 0; partition < partitions; partition++) {
                ends.add(found.get(new TopicPartition(topic, partition)).offset());
            }
            return ends;
        }
    }

    /** What a group has committed of a topic, by partition. */
    public Map<Integer, Long> committed(String group, String topic) {
        try (Admin admin = Admin.create(client)) {
            Map<TopicPartition, OffsetAndMetadata> all =
                    await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
            Map<Integer, Long> committed = new TreeMap<>();
            all.forEach((partition, offset) -> {
                if (partition.topic().equals(topic) && offset != null) {
                    committed.put(partition.partition(), offset.offset());
                }
            });
            return committed;
        }
    }

    /** Moves a group of nobody, as the tools of Kafka do. */
    public void moveGroup(String group, String topic, int partition, long offset) {
        try (Admin admin = Admin.create(client)) {
            await(admin.alterConsumerGroupOffsets(
                            group, Map.of(new TopicPartition(topic, partition), new OffsetAndMetadata(offset)))
                    .all());
        }
    }

    /** Sends texts to one partition, in their order. */
    public void send(String topic, int partition, Collection<String> texts) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (String text : texts) {
            records.add(new ProducerRecord<>(topic, partition, null, text.getBytes(StandardCharsets.UTF_8)));
        }
        send(records);
    }

    /** Sends texts to one partition. */
    public void send(String topic, int partition, String... texts) {
        send(topic, partition, List.of(texts));
    }

    /** Sends texts to one partition in a transaction that is committed, or taken back. */
    public void sendInTransaction(String topic, int partition, Collection<String> texts, boolean commit) {
        Map<String, Object> transactional = Map.of(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG, "test-" + topic, ProducerConfig.MAX_BLOCK_MS_CONFIG, 60_000);
        try (KafkaProducer<byte[], byte[]> producer = producer(transactional)) {
            producer.initTransactions();
            producer.beginTransaction();
            for (String text : texts) {
                producer.send(new ProducerRecord<>(topic, partition, null, text.getBytes(StandardCharsets.UTF_8)));
            }
            producer.flush();
            if (commit) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
        }
    }

    /** Sends any records. */
    public void send(List<ProducerRecord<byte[], byte[]>> records) {
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
            records.forEach(record -> sent.add(producer.send(record)));
            producer.flush();
            sent.forEach(Topics::await);
        }
    }

    /**
     * A producer of byte arrays that answers once a message is kept, takes messages up to 20 MB, and never doubles one.
     *
     * <p>One request at a time: of two to a topic that was made a moment ago, a broker may refuse the first, not knowing the topic
     * yet, and take the second; from then on it refuses the first for ever (KAFKA-15591).
     */
    public KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> properties = new TreeMap<>(client);
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 20 << 20);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        properties.putAll(more);
        return new KafkaProducer<>(properties);
    }

    private static TopicDescription describe(Admin admin, String topic) {
        while (true) {
            try {
                return admin.describeTopics(Set.of(topic)).allTopicNames().get().get(topic);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw new IllegalStateException(e.getCause());
                }
                // made a moment ago
                pause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
