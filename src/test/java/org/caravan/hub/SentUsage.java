package org.caravan.hub;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.caravan.testing.KafkaBroker;
import org.caravan.testing.KafkaUsage;

/**
 * Sends usage to a topic all the time and remembers at which offset of which partition of which incarnation of the topic
 * each record came to lie: what a ledger must come to can be told from that, and from which offsets were read.
 */
final class SentUsage implements AutoCloseable {
    private static final int BURST = 60;
    private static final long PAUSE_MILLIS = 50;

    private final KafkaBroker broker;
    private final KafkaUsage usage;
    private final String topic;
    private final Random random;

    /** By position key: the record at each offset. */
    private final Map<String, Map<Long, Long>> sent = new ConcurrentHashMap<>();

    /** Held while a burst is sent: who holds it sees a topic at rest. */
    private final ReentrantLock sending = new ReentrantLock(true);

    private final Thread thread = new Thread(this::run, "test-producer");
    private volatile boolean keyed;
    private volatile boolean ended;
    private volatile Exception failure;
    private String topicKey;
    private KafkaProducer<byte[], byte[]> producer;
    private long next;

    SentUsage(KafkaBroker broker, KafkaUsage usage, String topic, Random random) {
        this.broker = broker;
        this.usage = usage;
        this.topic = topic;
        this.random = random;
        open();
    }

    private void open() {
        topicKey = broker.topics().cluster() + "/" + broker.topics().id(topic);
        // for as long as a broker may be away; never twice
        producer = broker.topics()
                .producer(Map.of(
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        600_000,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        600_000,
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        10_000,
                        ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                        200));
    }

    /** @param byTenant whether messages are keyed by tenant */
    SentUsage start(boolean byTenant) {
        keyed = byTenant;
        thread.start();
        return this;
    }

    void keyed(boolean byTenant) {
        keyed = byTenant;
    }

    private void run() {
        try {
            while (!ended) {
                sending.lock();
                try {
                    burst();
                } finally {
                    sending.unlock();
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (Exception e) {
            failure = e;
        }
    }

    private void burst() throws Exception {
        Map<Long, Future<RecordMetadata>> answers = new TreeMap<>();
        boolean byTenant = keyed;
        int partition = random.nextInt(partitions());
        for (int i = 0; i < BURST; i++) {
            long n = next++;
            byte[] key = byTenant ? usage.tenant(n).getBytes(StandardCharsets.UTF_8) : null;
            byte[] value = usage.json(n).getBytes(StandardCharsets.UTF_8);
            answers.put(
                    n,
                    producer.send(
                            new ProducerRecord<>(topic, byTenant ? null : (partition + i) % partitions(), key, value)));
        }
        producer.flush();
        for (Map.Entry<Long, Future<RecordMetadata>> answer : answers.entrySet()) {
            RecordMetadata at = answer.getValue().get();
            sent.computeIfAbsent(topicKey + "/" + at.partition(), k -> new ConcurrentHashMap<>())
                    .put(at.offset(), answer.getKey());
        }
    }

    private int partitions() {
        return KafkaChaosTest.PARTITIONS;
    }

    /** What is done with the topic while nothing is being sent. */
    interface Work {
        void run() throws Exception;
    }

    void whileAtRest(Work work) throws Exception {
        sending.lock();
        try {
            work.run();
        } finally {
            sending.unlock();
        }
    }

    /** Deletes the topic and makes it again; from here on records go to the new one. */
    void makeAgain() throws Exception {
        whileAtRest(() -> {
            producer.close();
            broker.topics().delete(topic);
            broker.topics().create(topic, partitions());
            open();
        });
    }

    /** Ends sending; everything that was sent is kept by the broker. */
    void stop() throws Exception {
        ended = true;
        thread.join();
        if (failure != null) {
            throw failure;
        }
    }

    long count() {
        return next;
    }

    /** Offsets of a partition that were given up: [from, to). */
    record Gap(String key, long from, long to) {}

    /** What a ledger comes to that has read each partition up to a position, but for what was given up. */
    Map<String, KafkaUsage.Totals> totals(Map<String, Long> positions, List<Gap> gaps) {
        List<Long> read = new ArrayList<>();
        Map<String, Map<Long, Long>> all = new HashMap<>(sent);
        all.forEach((key, records) -> records.forEach((offset, n) -> {
            boolean lost = offset >= positions.getOrDefault(key, 0L)
                    || gaps.stream().anyMatch(gap -> gap.key.equals(key) && gap.from <= offset && offset < gap.to);
            if (!lost) {
                read.add(n);
            }
        }));
        return usage.totals(read);
    }

    @Override
    public void close() {
        ended = true;
        producer.close(java.time.Duration.ZERO);
    }
}
