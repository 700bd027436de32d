package org.caravan.hub.kafka;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.InterruptException;
import org.caravan.ledger.Sources;
import org.caravan.ledger.TopicEnds;
import org.caravan.ledger.TopicPartitions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the topic at regular times, on a thread of its own: what its partitions hold, how far the source is rated, and
 * whether the brokers answer. Of several hubs each looks; what they see is the same.
 */
public final class KafkaWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaWatch.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    private final KafkaSource source;
    private final KafkaSettings settings;
    private final TopicPartitions partitions;
    private final TopicEnds ends;
    private final Sources sources;
    private final Clock clock;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::watch, "caravan-kafka-watch");
    private Instant ratedUntil = Instant.MIN;

    public KafkaWatch(KafkaSource source, TopicPartitions partitions, TopicEnds ends, Sources sources, Clock clock) {
        this.source = source;
        this.settings = source.settings();
        this.partitions = partitions;
        this.ends = ends;
        this.sources = sources;
        this.clock = clock;
        thread.setDaemon(true);
    }

    /** Begins to look. */
    public KafkaWatch start() {
        thread.start();
        return this;
    }

    private void watch() {
        try {
            do {
                look();
            } while (!closed.await(settings.look().toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() throws InterruptedException {
        KafkaCluster cluster = source.cluster();
        if (cluster == null) {
            // the route has not made its first consumer yet
            return;
        }
        try {
            KafkaCluster.Topic topic = cluster.topic();
            partitions.seen(settings.source(), settings.topic(), topic.key(), topic.logs());
            rate(topic);
            source.problems().gone(this);
        } catch (InterruptException e) {
            throw new InterruptedException();
        } catch (SQLException e) {
            // the health of the ledger tells it
            LOG.debug("the ledger does not answer", e);
        } catch (RuntimeException e) {
            source.problems().found(this, Failure.line(e));
        }
        try {
            source.problems().tell();
        } catch (SQLException e) {
            LOG.debug("the ledger can't be told", e);
        }
    }

    private void rate(KafkaCluster.Topic topic) throws SQLException {
        Instant due = due();
        if (!due.isAfter(ratedUntil)) {
            return;
        }
        if (ends.note(settings.source(), topic.key(), due, topic.logs())) {
            LOG.info("source {}: noted where its partitions end, for usage before {}", settings.source(), due);
        }
        Instant reached = ends.reached(settings.source());
        if (reached != null && reached.isAfter(ratedUntil)) {
            sources.ratedUntil(settings.source(), reached, false);
            LOG.info("source {} is rated until {}", settings.source(), reached);
            ratedUntil = reached;
        }
    }

    /** The begin of the month that was running when the grace began. */
    private Instant due() {
        return YearMonth.from(clock.instant().minus(settings.grace()).atZone(ZoneOffset.UTC))
                .atDay(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
    }

    /** Ends looking; waits a moment for a look that is under way. */
    @Override
    public void close() throws InterruptedException {
        closed.countDown();
        thread.interrupt();
        thread.join(STOP_LIMIT.toMillis());
    }
}
