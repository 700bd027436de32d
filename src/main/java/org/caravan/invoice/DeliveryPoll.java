package org.caravan.invoice;

import java.sql.SQLException;
import java.util.List;
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

    DeliveryPoll(InvoiceConsumer consumer, String owner) {
        this.consumer = consumer;
        this.owner = owner;
        InvoiceComponent component = consumer.getEndpoint().getComponent();
        this.connector = consumer.getEndpoint().getConfiguration().getConnector();
        this.catalog = new ConnectorCatalog(component.getCamelContext(), component.getConnectorLocations());
        this.lanes = new Lanes(component.requireDataSource(), component.deliverySettings(), component.clock());
        this.deliveries =
                new Deliveries(component.requireDataSource(), component.deliverySettings(), component.clock());
    }

    @Override
    public int run() throws SQLException {
        int attempts = 0;
        for (Lanes.Lane lane : lanes.due(connector)) {
            if (!consumer.mayGoOn()) {
                break;
            }
            ConnectorInfo info;
            try {
                info = catalog.find(lane.connector());
            } catch (UserError e) {
                int parked = lanes.park(lane, e.getMessage());
                LOG.error("{} deliveries parked: {}", parked, e.getMessage());
                continue;
            }
            attempts += serve(info, lanes.claim(lane, info, owner));
        }
        return attempts;
    }

    private int serve(ConnectorInfo info, List<Lanes.Claim> claims) throws SQLException {
        int started = 0;
        try {
            for (Lanes.Claim claim : claims) {
                if (!consumer.mayGoOn()) {
                    break;
                }
                Optional<Attempt> attempt = deliveries.start(claim);
                if (attempt.isEmpty()) {
                    break;
                }
                started++;
                if (!deliver(info, attempt.get())) {
                    break;
                }
            }
        } finally {
            if (started < claims.size()) {
                lanes.release(claims.subList(started, claims.size()));
            }
        }
        return started;
    }

    /**
     * @return false if the next one of the lane would most likely fail the same way
     */
    private boolean deliver(ConnectorInfo info, Attempt attempt) throws SQLException {
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
                return failed(info, attempt, Failures.kind(error), Failures.reason(error));
            }
            String reference = exchange.getMessage().getHeader(InvoiceConstants.ERP_REFERENCE, String.class);
            if (reference == null || reference.isBlank()) {
                return failed(
                        info,
                        attempt,
                        Failure.NO_REFERENCE,
                        "the connector ended without the header " + InvoiceConstants.ERP_REFERENCE);
            }
            String total = exchange.getMessage().getHeader(InvoiceConstants.ERP_TOTAL, String.class);
            keep(attempt, reference, total);
            return true;
        } finally {
            consumer.release(exchange);
        }
    }

    private void keep(Attempt attempt, String reference, String total) throws SQLException {
        try {
            surely(() -> deliveries.committed(attempt, reference, total));
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

    /** An outcome that is lost makes doubt: a database that restarts is waited for. */
    private <T> T surely(End<T> end) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                return end.run();
            } catch (SQLException e) {
                if (attempt == END_TRIES || !Issue.isConnectionLost(e)) {
                    throw e;
                }
                LOG.warn("The outcome of an attempt could not be kept (SQL state {}); trying again", e.getSQLState());
            }
            try {
                Thread.sleep(END_PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SQLException("interrupted while the ledger could not be reached", "08000", e);
            }
        }
    }

    private interface End<T> {
        T run() throws SQLException;
    }

    private boolean failed(ConnectorInfo info, Attempt attempt, Failure failure, String reason) throws SQLException {
        Optional<DeliveryState> state = deliveries.failed(attempt, info, failure, reason, ThreadLocalRandom.current());
        LOG.warn(
                "Document {}, connector {}, attempt {}: {}; the delivery is {}",
                attempt.document().number(),
                info.name(),
                attempt.number(),
                reason,
                state.map(DeliveryState::code).orElse("another hub's now"));
        return failure == Failure.PERMANENT;
    }
}
