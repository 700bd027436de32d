package org.caravan.hub.kafka;

import java.sql.SQLException;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.errors.InterruptException;

/**
 * The bean {@code kafkaClients}: makes the consumers of the route {@code metering-kafka}. camel-kafka makes a new one after
 * each failure; this is where it waits before, as no member of the group.
 */
public final class LedgerClients extends DefaultKafkaClientFactory implements CamelContextAware {
    /** Messages that Kafka's client unpacks at a time, so that a batch outgrows its limit of bytes by these at most. */
    private static final int POLL_RECORDS = 1_000;

    private static final long STOP_LOOK_MILLIS = 100;

    private final KafkaSource source;
    private final LedgerPositions positions;
    private CamelContext camelContext;

    public LedgerClients(KafkaSource source, LedgerPositions positions) {
        this.source = source;
        this.positions = positions;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Consumer getConsumer(Properties properties) {
        awaitTurn();
        Properties own = new Properties();
        own.putAll(properties);
        // the deserializers are ours, whatever the route says
        own.remove(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG);
        own.remove(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG);
        own.put(
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                Integer.toString(Math.min(POLL_RECORDS, source.settings().batchRecords())));
        own.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        try {
            source.cluster(own);
            return new LedgerConsumer(own, source, positions);
        } catch (RuntimeException e) {
            // a wrong setting; camel-kafka tries again
            source.failing(e);
            throw e;
        }
    }

    /** After a failure: waits, and goes on waiting while the ledger does not answer, too. */
    private void awaitTurn() {
        Patience patience = source.patience();
        while (!patience.delay().isZero() && !isStopping()) {
            pause(patience.delay().toMillis());
            try {
                source.askLedger();
                return;
            } catch (SQLException e) {
                source.failing(e);
            }
        }
    }

    private void pause(long millis) {
        long deadline = System.nanoTime() + millis * 1_000_000;
        try {
            while (System.nanoTime() < deadline && !isStopping()) {
                Thread.sleep(Math.min(STOP_LOOK_MILLIS, millis));
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private boolean isStopping() {
        return camelContext != null && (camelContext.isStopping() || camelContext.isStopped());
    }

    @Override
    public CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
    }
}
