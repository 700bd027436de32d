package org.caravan.invoice;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.caravan.common.UserError;
import org.caravan.invoice.Deliveries.Attempt;
import org.caravan.invoice.Deliveries.Failure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers what is due, lane after lane, so that a connector whose ERP is down holds up the others by one call a round. */
final class DeliveryPoll implements InvoiceConsumer.Poll {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryPoll.class);

    /** Tries to keep an outcome while the database can't be reached. */
    private static final int END_TRIES = 10;

    private static final long END_PAUSE_MILLIS = 1_000;

    private final InvoiceConsumer consumer;
    private final String owner;
    private final String connector;
    private final ConnectorCatalog catalog;
    private final Lanes lanes;
    private final Deliveries deliveries;
    private final LanePauses pauses;

    DeliveryPoll(InvoiceConsumer consumer, String owner) {
        this.consumer = consumer;
        this.owner = owner;
        InvoiceComponent component = consumer.getEndpoint().getComponent();
        this.connector = consumer.getEndpoint().getConfiguration().getConnector();
        this.catalog = new ConnectorCatalog(component.getCamelContext(), component.getConnectorLocations());
        this.lanes = new Lanes(component.requireDataSource(), component.deliverySettings(), component.clock());
        this.deliveries =
                new Deliveries(component.requireDataSource(), component.deliverySettings(), component.clock());
        this.pauses = new LanePauses(component.requireDataSource(), component.deliverySettings(), component.clock());
    }

    @Override
    public int run() throws SQLException {
        int attempts = 0;
        Map<String, ConnectorInfo> known = new HashMap<>();
        for (Lanes.Lane lane : lanes.due(connector)) {
            if (!consumer.mayGoOn()) {
                break;
            }
            ConnectorInfo info;
            try {
                info = known.computeIfAbsent(lane.connector(), catalog::find);
            } catch (UserError e) {
                int parked = lanes.park(lane, e.getMessage());
                LOG.error("{} deliveries parked: {}", parked, e.getMessage());
                continue;
            }
            attempts += serve(lane, info, lanes.claim(lane, info, owner));
        }
        return attempts;
    }

    @Override
    public void letGo() throws SQLException {
        lanes.letGo(owner);
    }

    /** How a call of a connector bears on the next one in its lane. */
    private enum End {
        /** The connector works. */
        WELL,
        /** Refused for what this document says; the connector works. */
        REFUSED,
        /** The next one would most likely fail the same way. */
        FAILED,
        /** The lease was lost: the lane is another hub's. */
        LOST
    }

    private int serve(Lanes.Lane lane, ConnectorInfo info, List<Lanes.Claim> claims) throws SQLException {
        Deque<Lanes.Claim> waiting = new ArrayDeque<>(claims);
        int started = 0;
        boolean well = false;
        try {
            while (!waiting.isEmpty() && consumer.mayGoOn()) {
                // none where a person parked it meanwhile, or its lease lapsed
                Optional<Attempt> attempt = deliveries.start(waiting.remove());
                if (attempt.isEmpty()) {
                    continue;
                }
                started++;
                End end = deliver(info, attempt.get());
                if (end == End.FAILED || end == End.LOST) {
                    break;
                }
                if (end == End.WELL && !well) {
                    pauses.succeeded(lane);
                    well = true;
                }
            }
        } finally {
            lanes.release(List.copyOf(waiting));
        }
        return started;
    }

    private End deliver(ConnectorInfo info, Attempt attempt) throws SQLException {
        Exchange exchange = consumer.newExchange(attempt.document());
        try {
            Message message = exchange.getIn();
            message.setBody(attempt.body());
            message.setHeader(InvoiceConstants.CONNECTOR, info.name());
            message.setHeader(InvoiceConstants.ATTEMPT, attempt.number());
            message.removeHeader(InvoiceConstants.ERP_REFERENCE);
            message.removeHeader(InvoiceConstants.ERP_TOTAL);
            Throwable error = consumer.runRoute(exchange);
            if (error != null) {
                return failed(info, attempt, Failures.kind(error, info.name()), Failures.reason(error));
            }
            String reference;
            String total;
            try {
                reference = exchange.getMessage().getHeader(InvoiceConstants.ERP_REFERENCE, String.class);
                total = exchange.getMessage().getHeader(InvoiceConstants.ERP_TOTAL, String.class);
            } catch (RuntimeException e) {
                return failed(info, attempt, Failure.NO_REFERENCE, "its answer can't be read: " + Failures.reason(e));
            }
            if (reference == null
                    || SqlText.line(reference, Deliveries.MAX_REFERENCE).isEmpty()) {
                return failed(
                        info,
                        attempt,
                        Failure.NO_REFERENCE,
                        "the connector ended without the header " + InvoiceConstants.ERP_REFERENCE);
            }
            return keep(attempt, reference, total) ? End.WELL : End.LOST;
        } finally {
            consumer.release(exchange);
        }
    }

    private boolean keep(Attempt attempt, String reference, String total) throws SQLException {
        try {
            return surely(() -> deliveries.committed(attempt, reference, total));
        } catch (SQLException e) {
            LOG.error(
                    "Document {}: connector {} answered reference {}, but the ledger can't be reached to keep it; unless the"
                            + " connector is safe to repeat, adopt the reference",
                    attempt.document().number(),
                    attempt.lane().connector(),
                    reference);
            throw e;
        }
    }

    /**
     * An outcome that is lost makes doubt: a database that restarts is waited for, and a thread that is told to end keeps
     * it first.
     */
    private <T> T surely(Keeping<T> keeping) throws SQLException {
        boolean interrupted = false;
        try {
            for (int attempt = 1; ; attempt++) {
                interrupted |= Thread.interrupted();
                try {
                    return keeping.run();
                } catch (SQLException e) {
                    if (attempt == END_TRIES || !Issue.isConnectionLost(e)) {
                        throw e;
                    }
                    LOG.warn(
                            "The outcome of an attempt could not be kept (SQL state {}); trying again",
                            e.getSQLState());
                }
                try {
                    Thread.sleep(END_PAUSE_MILLIS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private interface Keeping<T> {
        T run() throws SQLException;
    }

    private End failed(ConnectorInfo info, Attempt attempt, Failure failure, String reason) throws SQLException {
        Optional<DeliveryState> state =
                surely(() -> deliveries.failed(attempt, info, failure, reason, ThreadLocalRandom.current()));
        LOG.warn(
                "Document {}, connector {}, attempt {}: {}; the delivery is {}",
                attempt.document().number(),
                info.name(),
                attempt.number(),
                reason,
                state.map(DeliveryState::code).orElse("another hub's now"));
        if (state.isEmpty()) {
            return End.LOST;
        }
        if (failure == Failure.PERMANENT) {
            return End.REFUSED;
        }
        boolean dear = state.get() == DeliveryState.IN_DOUBT && info.repeat() != ConnectorInfo.Repeat.SAFE;
        pauses.failed(attempt.lane(), dear, reason, ThreadLocalRandom.current());
        return End.FAILED;
    }
}
