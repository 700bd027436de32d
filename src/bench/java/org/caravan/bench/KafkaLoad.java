package org.caravan.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.caravan.testing.KafkaBroker;

/** Puts the benchmark's usage into a topic: each line of the CSV as a message of caravan-jsonl, keyed by tenant. */
final class KafkaLoad {
    private static final int METADATA_FROM = 9;
    private static final int TENANT = 1;

    private KafkaLoad() {}

    /** @return messages sent */
    static long send(KafkaBroker broker, String topic, int partitions, Path usage) throws IOException {
        broker.topics().create(topic, partitions);
        AtomicReference<Exception> failure = new AtomicReference<>();
        long sent = 0;
        try (BufferedReader lines = Files.newBufferedReader(usage, StandardCharsets.US_ASCII);
                KafkaProducer<byte[], byte[]> producer = broker.topics()
                        .producer(Map.of(
                                ProducerConfig.BATCH_SIZE_CONFIG,
                                256 << 10,
                                ProducerConfig.LINGER_MS_CONFIG,
                                20,
                                ProducerConfig.BUFFER_MEMORY_CONFIG,
                                64L << 20))) {
            String[] columns = lines.readLine().split(",");
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] cells = line.split(",", -1);
                producer.send(
                        new ProducerRecord<>(
                                topic,
                                cells[TENANT].getBytes(StandardCharsets.US_ASCII),
                                json(columns, cells).getBytes(StandardCharsets.US_ASCII)),
                        (at, e) -> failure.compareAndSet(null, e));
                sent++;
            }
            producer.flush();
        }
        if (failure.get() != null) {
            throw new IOException(failure.get());
        }
        return sent;
    }

    /** The benchmark's texts hold nothing that JSON would escape. */
    private static String json(String[] columns, String[] cells) {
        StringBuilder json = new StringBuilder(320).append('{');
        for (int i = 0; i < METADATA_FROM; i++) {
            append(json, columns[i], cells[i]).append(',');
        }
        json.append("\"metadata\":{");
        String separator = "";
        for (int i = METADATA_FROM; i < cells.length; i++) {
            if (!cells[i].isEmpty()) {
                append(json.append(separator), columns[i], cells[i]);
                separator = ",";
            }
        }
        return json.append("}}").toString();
    }

    private static StringBuilder append(StringBuilder json, String name, String value) {
        return json.append('"').append(name).append("\":\"").append(value).append('"');
    }
}
