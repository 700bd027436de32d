package org.caravan.hub.kafka;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.kafka.common.KafkaException;
import org.caravan.ledger.Sources;
import org.caravan.ledger.TopicPartitions;
import org.caravan.ledger.TopicPartitions.Log;
import org.caravan.ledger.TopicPartitions.Place;
import org.caravan.metering.CaravanHeaders;

/** The bean {@code kafka} of the route {@code metering-kafka}; shared by its consumers. */
public final class KafkaSource implements AutoCloseable {
    /** What the ledger knows such a source as. */
    public static final String KIND = "kafka";

    private static final String BATCH = "CaravanKafkaBatch";
    private static final int ATTEMPTS = 5;

    private final KafkaSettings settings;
    private final TopicPartitions partitions;
    private final Sources sources;
    private final Problems problems;
    private final ThreadLocal<Patience> patience;
    private KafkaCluster cluster;

    /** @param partitions of the same ledger as {@code sources} */
    public KafkaSource(KafkaSettings settings, TopicPartitions partitions, Sources sources) {
        this.settings = settings;
        this.partitions = partitions;
        this.sources = sources;
        this.problems = new Problems(settings.source(), sources);
        this.patience = ThreadLocal.withInitial(() -> new Patience(settings.retryDelay()));
    }

    /** Makes the source known to the ledger: from here on a month waits for the topic. */
    public void configure() throws SQLException {
        sources.configure(settings.source(), KIND);
    }

    KafkaSettings settings() {
        return settings;
    }

    Problems problems() {
        return problems;
    }

    // ---- the route's steps -----------------------------------------------------------------------------------------

    /** Makes one batch of what a consumer handed on. */
    public void open(Exchange exchange) {
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onFailure(Exchange failed) {
                failing(failed.getException());
            }
        });
        List<Stretch> stretches = new ArrayList<>();
        for (Object part : exchange.getMessage().getBody(List.class)) {
            if (!(part instanceof Exchange one && one.getMessage().getBody() instanceof Stretch stretch)) {
                throw new IllegalArgumentException("kafka: the body is no batch of this hub's consumers; the route"
                        + " must say kafkaClientFactory: \"#kafkaClients\" and batching: true");
            }
            stretches.add(stretch);
        }
        KafkaBatch batch = new KafkaBatch(settings.source(), stretches);
        stretches.get(0).reader.verify(batch);
        exchange.setProperty(BATCH, batch);
        exchange.getMessage().setHeader(CaravanHeaders.SOURCE, settings.source());
        exchange.getMessage().setBody(batch);
    }

    /** The batch is in the ledger. */
    public void committed(Exchange exchange) {
        KafkaBatch batch = exchange.getProperty(BATCH, KafkaBatch.class);
        batch.stretches().get(0).reader.tell(batch.ends());
        succeeded();
    }

    // ---- what consumers ask
    // ------------------------------------------------------------------------------------------

    /** What the brokers say; made with what the first consumer is told of them. */
    synchronized KafkaCluster cluster(Properties consumer) {
        if (cluster == null) {
            cluster = new KafkaCluster(consumer, settings.topic(), settings.answer());
        }
        return cluster;
    }

    /** As {@link #cluster(Properties)}; null before there was a consumer. */
    synchronized KafkaCluster cluster() {
        return cluster;
    }

    /**
     * Where partitions go on.
     *
     * @param place as the ledger has it
     * @param log what the brokers have, seen after the place was read
     */
    record Assigned(Place place, Log log) {}

    /**
     * Where partitions go on that a consumer was just assigned. Those whose log does not hold what comes next stand still
     * from here on.
     */
    List<Assigned> assigned(Collection<Integer> numbers) throws SQLException {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            KafkaCluster.Topic topic = cluster().topic();
            List<Place> places = partitions.seen(settings.source(), settings.topic(), topic.key(), topic.logs());
            // seen only now: a log that was seen before the ledger could seem to end before the ledger's position
            List<Log> logs = cluster().logs(numbers);
            if (topic.key().equals(cluster().key(cluster().describe())) && stopWhereNeeded(places, logs)) {
                return join(partitions.places(settings.source(), topic.key()), logs);
            }
        }
        throw new KafkaException("topic " + settings.topic() + " changes too fast to be read");
    }

    /**
     * Whether a partition that stands still may be read on: a person decided, or it was read after all.
     *
     * @return where it goes on; null if it still stands still
     */
    Assigned goneOn(Place place, String topicKey) throws SQLException {
        Log log = cluster().logs(List.of(place.partition())).get(0);
        partitions.readOn(settings.source(), place.key(), log);
        return join(partitions.places(settings.source(), topicKey), List.of(log)).stream()
                .filter(assigned -> assigned.place().stopped() == null)
                .findFirst()
                .orElse(null);
    }

    private static List<Assigned> join(List<Place> places, List<Log> logs) {
        return logs.stream()
                .map(log -> new Assigned(
                        places.stream()
                                .filter(place -> place.partition() == log.partition())
                                .findFirst()
                                .orElseThrow(() -> new KafkaException(
                                        "partition " + log.partition() + " was not known a moment ago")),
                        log))
                .toList();
    }

    /** False if a position moved meanwhile, so that all has to be looked at again. */
    private boolean stopWhereNeeded(List<Place> places, List<Log> logs) throws SQLException {
        boolean still = true;
        for (Assigned assigned : join(places, logs)) {
            Place place = assigned.place();
            String reason = place.stopped() == null ? reason(place, assigned.log()) : null;
            if (reason != null) {
                still &= partitions.stop(settings.source(), place, assigned.log(), reason);
            }
        }
        return still;
    }

    /** Why a partition can't be read from where the ledger stands, or null. */
    private static String reason(Place place, Log log) {
        String stands = ": the ledger stands at " + place.position() + ", the log holds [" + log.start() + ", "
                + log.end() + ")";
        if (place.position() < log.start()) {
            return "usage was removed from the log before it was read" + stands;
        }
        return place.position() > log.end() ? "the log ends before what was read of it" + stands : null;
    }

    // ---- failures --------------------------------------------------------------------------------------------------

    /** Says that reading failed in this thread; its next consumer is made later. */
    void failing(Throwable failure) {
        patience.get().failed();
        problems.found(Thread.currentThread(), Failure.line(failure));
    }

    /** Says that this thread has read and committed, or has nothing to read. */
    void succeeded() {
        patience.get().succeeded();
        problems.gone(Thread.currentThread());
    }

    Patience patience() {
        return patience.get();
    }

    /** Whether the ledger answers, so that a consumer has something to begin from. */
    void askLedger() throws SQLException {
        partitions.places(settings.source(), "");
    }

    @Override
    public synchronized void close() {
        if (cluster != null) {
            cluster.close();
        }
    }
}
