package org.caravan.hub;

import java.sql.SQLException;
import java.time.Clock;
import java.util.Map;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.hub.config.CeilometerOptions;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Setting;
import org.caravan.hub.config.Settings;
import org.caravan.hub.kafka.KafkaSettings;
import org.caravan.hub.kafka.KafkaSource;
import org.caravan.hub.kafka.KafkaWatch;
import org.caravan.hub.kafka.LedgerClients;
import org.caravan.hub.kafka.LedgerPositions;
import org.caravan.ledger.Sources;
import org.caravan.ledger.TopicEnds;
import org.caravan.ledger.TopicPartitions;

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
        checkPair(config, Settings.KAFKA_BROKERS, Settings.KAFKA_TOPIC);
        if (config.find(Settings.KAFKA_BROKERS).isPresent()
                && config.get(Settings.KAFKA_SOURCE).equals(config.get(Settings.INBOX_SOURCE))) {
            throw new UserError(config.where(Settings.KAFKA_SOURCE.key()) + config.get(Settings.KAFKA_SOURCE)
                    + " is caravan.inbox.source, too; each source needs a name of its own");
        }
    }

    /** @throws UserError if only one of the two is said, or the topic has no name of a topic */
    static void checkPair(HubConfig config, Setting<String> brokers, Setting<String> topic) {
        boolean there = config.find(brokers).isPresent();
        if (there != config.find(topic).isPresent()) {
            throw new UserError(config.where((there ? brokers : topic).key()) + "is set, but not "
                    + (there ? topic : brokers).key() + "; set both, or none");
        }
        config.find(topic).filter(name -> !name.matches("[a-zA-Z0-9._-]+")).ifPresent(name -> {
            throw new UserError(config.where(topic.key()) + "'" + name
                    + "' is no name of a topic: letters, digits, dot, underscore and hyphen are");
        });
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
        return prepare(
                config,
                ledger,
                beans,
                new String[] {"kafka", "ledgerPositions", "kafkaClients"},
                settings(config),
                clock);
    }

    static KafkaSettings settings(HubConfig config) {
        return settings(
                config,
                config.get(Settings.KAFKA_SOURCE),
                config.get(Settings.KAFKA_TOPIC),
                config.integer(Settings.MAX_LINE_BYTES));
    }

    /** As {@link #prepare}, of the topic of samples. */
    static KafkaTopic prepareSamples(HubConfig config, DataSource ledger, Map<String, Object> beans, Clock clock)
            throws SQLException {
        return prepare(
                config,
                ledger,
                beans,
                new String[] {"ceilometerKafka", "ceilometerPositions", "ceilometerClients"},
                settings(
                        config,
                        Samples.kafka(config),
                        config.get(CeilometerOptions.TOPIC),
                        config.integer(CeilometerOptions.MAX_MESSAGE)),
                clock);
    }

    private static KafkaSettings settings(HubConfig config, String source, String topic, int maxMessageBytes) {
        return new KafkaSettings(
                source,
                topic,
                config.integer(Settings.KAFKA_BATCH_RECORDS),
                config.get(Settings.KAFKA_BATCH_BYTES),
                config.get(Settings.KAFKA_BATCH_WAIT),
                maxMessageBytes,
                config.integer(Settings.MAX_RAW_BYTES),
                config.get(Settings.KAFKA_RETRY),
                config.get(Settings.KAFKA_ANSWER),
                config.get(Settings.KAFKA_LOOK),
                config.get(Settings.CLOSE_GRACE));
    }

    /** @param names of the route's beans: the source, its positions, its clients */
    private static KafkaTopic prepare(
            HubConfig config,
            DataSource ledger,
            Map<String, Object> beans,
            String[] names,
            KafkaSettings settings,
            Clock clock)
            throws SQLException {
        TopicPartitions partitions = new TopicPartitions(ledger, config.get(Settings.LOCK_WAIT), clock);
        Sources sources = new Sources(ledger, clock);
        KafkaSource source = new KafkaSource(settings, partitions, sources);
        source.configure();
        LedgerPositions positions = new LedgerPositions();
        beans.put(names[0], source);
        beans.put(names[1], positions);
        beans.put(names[2], new LedgerClients(source, positions));
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
