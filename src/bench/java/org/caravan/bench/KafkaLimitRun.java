package org.caravan.bench;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;
import org.caravan.metering.CaravanJsonlDataFormat;
import org.caravan.metering.PositionRange;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageMessages;

/**
 * The limit: Kafka's own consumers, as many as the hub has, and the hub's own parser; what was parsed is thrown away.
 *
 * <p>The measured time runs from the first poll that brings anything to the last message parsed.
 */
final class KafkaLimitRun {
    private KafkaLimitRun() {}

    /** Arguments: brokers, topic, partitions, consumers, messages, the most of one poll, bytes fetched at a time. */
    public static void main(String[] args) throws Exception {
        int partitions = Integer.parseInt(args[2]);
        int consumers = Integer.parseInt(args[3]);
        long messages = Long.parseLong(args[4]);
        AtomicLong start = new AtomicLong();
        AtomicLong parsed = new AtomicLong();
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            CaravanJsonlDataFormat format = new CaravanJsonlDataFormat();
            format.setCamelContext(context);
            format.start();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < consumers; i++) {
                List<TopicPartition> mine = new ArrayList<>();
                for (int partition = i; partition < partitions; partition += consumers) {
                    mine.add(new TopicPartition(args[1], partition));
                }
                Thread thread = new Thread(() ->
                        read(properties(args), mine, format, new DefaultExchange(context), start, parsed, messages));
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        long nanos = System.nanoTime() - start.get();
        if (parsed.get() != messages) {
            throw new IllegalStateException("parsed " + parsed.get() + " of " + messages);
        }
        System.out.println(
                new RunResult(nanos, nanos, parsed.get(), Memory.peakRssMiB(), Memory.peakHeapMiB(), 0).json());
        System.exit(0);
    }

    private static Properties properties(String[] args) {
        Properties properties = new Properties();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, args[5]);
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, args[6]);
        return properties;
    }

    private static void read(
            Properties properties,
            List<TopicPartition> mine,
            CaravanJsonlDataFormat format,
            Exchange exchange,
            AtomicLong start,
            AtomicLong parsed,
            long messages) {
        try (KafkaConsumer<ByteBuffer, ByteBuffer> consumer =
                new KafkaConsumer<>(properties, new ByteBufferDeserializer(), new ByteBufferDeserializer())) {
            consumer.assign(mine);
            consumer.seekToBeginning(mine);
            while (parsed.get() < messages) {
                ConsumerRecords<ByteBuffer, ByteBuffer> records = consumer.poll(Duration.ofMillis(20));
                if (records.isEmpty()) {
                    continue;
                }
                start.compareAndSet(0, System.nanoTime());
                UsageBatch batch = (UsageBatch) format.unmarshal(exchange, new Messages(records));
                if (!batch.rejected().isEmpty()) {
                    throw new IllegalStateException(batch.rejected().get(0).toString());
                }
                parsed.addAndGet(batch.size());
            }
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private static final class Messages implements UsageMessages {
        private final int count;
        private final Iterator<ConsumerRecord<ByteBuffer, ByteBuffer>> records;
        private ConsumerRecord<ByteBuffer, ByteBuffer> message;

        Messages(ConsumerRecords<ByteBuffer, ByteBuffer> records) {
            this.count = records.count();
            this.records = records.iterator();
        }

        @Override
        public int size() {
            return count;
        }

        @Override
        public List<PositionRange> positions() {
            return List.of();
        }

        @Override
        public boolean next() {
            if (!records.hasNext()) {
                return false;
            }
            message = records.next();
            return true;
        }

        @Override
        public int positionIndex() {
            return 0;
        }

        @Override
        public long position() {
            return message.offset();
        }

        @Override
        public ByteBuffer value() {
            return message.value();
        }

        @Override
        public long length() {
            return message.value().remaining();
        }

        @Override
        public void headers(BiConsumer<String, byte[]> consumer) {}
    }
}
