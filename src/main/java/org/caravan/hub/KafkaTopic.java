package org.caravan.hub;

import java.sql.SQLException;
import java.time.Clock;
import java.util.Map;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.hub.kafka.KafkaSettings;
import org.caravan.hub.kafka.KafkaSource;
import org.caravan.hub.kafka.KafkaWatch;
import org.caravan.hub.kafka.LedgerClients;
import org.caravan.hub.kafka.LedgerPositions;
import org.caravan.ledger.Sources;
import org.caravan.ledger.TopicEnds;
import org.caravan.ledger.TopicPartitions;
import org.caravan.metering.MeteringSettings;

/** The Kafka topic that the configuration names, as a part of a running hub. */
final class KafkaTopic implements AutoCloseable {
    private final KafkaSource source;
    private final KafkaWatch watch;

    private KafkaTopic(KafkaSource source, KafkaWatch watch) {
        this.source = source;
        this.watch = watch;
    }

    /** @throws UserError if a topic is named half */
    static void check(HubConfig config) {
        boolean brokers = config.find(Settings.KAFKA_BROKERS).isPresent();
        if (brokers != config.find(Settings.KAFKA_TOPIC).isPresent()) {
            throw new UserError(
                    brokers
                            ? config.where(Settings.KAFKA_BROKERS.key())
                                    + "is set, but not caravan.kafka.topic; set both, or none"
                            : config.where(Settings.KAFKA_TOPIC.key())
                                    + "is set, but not caravan.kafka.brokers; set both, or none");
        }
        config.find(Settings.KAFKA_TOPIC)
                .filter(topic -> !topic.matches("[a-zA-Z0-9._-]+"))
                .ifPresent(topic -> {
                    throw new UserError(config.where(Settings.KAFKA_TOPIC.key()) + "'" + topic
                            + "' is no name of a topic: letters, digits, dot, underscore and hyphen are");
                });
        if (brokers && config.get(Settings.KAFKA_SOURCE).equals(config.get(Settings.INBOX_SOURCE))) {
            throw new UserError(config.where(Settings.KAFKA_SOURCE.key()) + config.get(Settings.KAFKA_SOURCE)
                    + " is caravan.inbox.source, too; each source needs a name of its own");
        }
    }

    static KafkaSettings settings(HubConfig config) {
        MeteringSettings metering = ComponentSettings.metering(config);
        return new KafkaSettings(
                config.get(Settings.KAFKA_SOURCE),
                config.get(Settings.KAFKA_TOPIC),
                config.integer(Settings.KAFKA_BATCH_RECORDS),
                config.get(Settings.KAFKA_BATCH_BYTES),
                config.get(Settings.KAFKA_BATCH_WAIT),
                metering.maxLineBytes(),
                metering.maxRawBytes(),
                config.get(Settings.KAFKA_RETRY),
                config.get(Settings.KAFKA_ANSWER),
                config.get(Settings.KAFKA_LOOK),
                config.get(Settings.CLOSE_GRACE));
    }

    /**
     * Makes the source known to the ledger and puts the route's beans among the others.
     *
     * @return null where no topic is configured
     */
    static KafkaTopic prepare(HubConfig config, DataSource ledger, Map<String, Object> beans, Clock clock)
            throws SQLException {
        if (!RouteProperties.readsKafka(config, Hub.Mode.RUN)) {
            return null;
        }
        KafkaSettings settings = settings(config);
        TopicPartitions partitions = new TopicPartitions(ledger, config.get(Settings.LOCK_WAIT), clock);
        Sources sources = new Sources(ledger, clock);
        KafkaSource source = new KafkaSource(settings, partitions, sources);
        source.configure();
        LedgerPositions positions = new LedgerPositions();
        beans.put("kafka", source);
        beans.put("ledgerPositions", positions);
        beans.put("kafkaClients", new LedgerClients(source, positions));
        return new KafkaTopic(source, new KafkaWatch(source, partitions, new TopicEnds(ledger, clock), sources, clock));
    }

    /** Begins to look at the topic; closed before the hub is. */
    AutoCloseable watch() {
        return watch.start();
    }

    /** Closed after the hub is. */
    @Override
    public void close() {
        source.close();
    }
}
