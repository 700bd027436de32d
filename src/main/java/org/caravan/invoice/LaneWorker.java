package org.caravan.invoice;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.caravan.invoice.ConnectorCall.Answer;
import org.caravan.invoice.Deliveries.Attempt;
import org.caravan.invoice.Deliveries.Failure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves one lane until nothing is due in it, or a call fails; in a thread of its own, so that it holds up no other lane. */
final class LaneWorker {
    private static final Logger LOG = LoggerFactory.getLogger(LaneWorker.class);

    private final InvoiceConsumer consumer;
    private final String owner;
    private final Lanes.Lane lane;
    private final ConnectorInfo info;
    private final DeliveryStores stores;
    private final ConnectorCall call;
    private final LaneBatch batch;

    LaneWorker(InvoiceConsumer consumer, String owner, Lanes.Lane lane, ConnectorInfo info, DeliveryStores stores) {
        this.consumer = consumer;
        this.owner = owner;
        this.lane = lane;
        this.info = info;
        this.stores = stores;
        this.call = new ConnectorCall(consumer, info);
        this.batch = new LaneBatch(call, info, stores);
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

    void run() throws SQLException {
        List<Lanes.Claim> claims = stores.lanes().claim(lane, info, owner);
        while (!claims.isEmpty() && serve(claims)) {
            claims = stores.lanes().claim(lane, info, owner);
        }
    }

    /** @return false if the lane is to be left alone for now */
    private boolean serve(List<Lanes.Claim> claims) throws SQLException {
        Deque<Lanes.Claim> waiting = new ArrayDeque<>(claims);
        boolean well = false;
        try {
            while (!waiting.isEmpty()) {
                if (!consumer.mayGoOn()) {
                    return false;
                }
                End end;
                try (ConnectorGate.Pass pass = consumer.gate().enter(ConnectorName.of(info.name()))) {
                    if (pass == null) {
                        // about to be replaced, or made by the first call beside this one
                        return false;
                    }
                    List<Lanes.Claim> together = info.batch() == 1 ? List.of() : batch.together(waiting);
                    end = together.size() < 2
                            ? next(waiting.remove())
                            : End.valueOf(batch.deliver(together, waiting).name());
                }
                if (end == End.FAILED || end == End.LOST) {
                    return false;
                }
                if (end == End.WELL && !well) {
                    stores.pauses().succeeded(lane);
                    well = true;
                }
            }
            return true;
        } finally {
            stores.lanes().release(List.copyOf(waiting));
        }
    }

    private End next(Lanes.Claim claim) throws SQLException {
        if (claim.doubt()) {
            return switch (new LaneQuestion(call, info, stores).ask(claim)) {
                case ANSWERED -> End.WELL;
                case NOT_NOW -> End.REFUSED;
                case FAILED -> End.FAILED;
            };
        }
        long began = System.nanoTime();
        // none where a person parked it meanwhile, or its lease lapsed
        Optional<Attempt> attempt = stores.deliveries().start(claim);
        if (attempt.isEmpty()) {
            return End.REFUSED;
        }
        if (System.nanoTime() - began > stores.settings().lease().toNanos()) {
            // this process was frozen: who asks the ERP meanwhile must be able to rely on its "no"
            return End.LOST;
        }
        return deliver(attempt.get());
    }

    private End deliver(Attempt attempt) throws SQLException {
        Answer answer = call.commit(attempt, stores.clock().instant());
        if (answer.error() != null) {
            return failed(
                    attempt, Failures.kind(answer.error(), info), Failures.reason(answer.error()), answer.retryAfter());
        }
        if (answer.unreadable() != null) {
            String reason = "its answer can't be read: " + Failures.reason(answer.unreadable());
            return failed(attempt, Failure.NO_REFERENCE, reason, null);
        }
        if (!answer.hasReference()) {
            String reason = "the connector ended without the header " + InvoiceConstants.ERP_REFERENCE;
            return failed(attempt, Failure.NO_REFERENCE, reason, answer.retryAfter());
        }
        return keep(attempt, answer) ? End.WELL : End.LOST;
    }

    private boolean keep(Attempt attempt, Answer answer) throws SQLException {
        try {
            return Keeping.surely(() ->
                    stores.deliveries().committed(attempt, answer.reference(), answer.total(), answer.currency()));
        } catch (SQLException e) {
            LOG.error(
                    "Document {}: connector {} answered reference {}, but the ledger can't be reached to keep it; unless the"
                            + " connector is safe to repeat, adopt the reference",
                    attempt.document().number(),
                    attempt.lane().connector(),
                    answer.reference());
            throw e;
        }
    }

    private End failed(Attempt attempt, Failure failure, String reason, Duration retryAfter) throws SQLException {
        Optional<DeliveryState> state = Keeping.surely(() ->
                stores.deliveries().failed(attempt, info, failure, reason, retryAfter, ThreadLocalRandom.current()));
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
        boolean dear = state.get() == DeliveryState.IN_DOUBT && info.repeat() == ConnectorInfo.Repeat.NEVER;
        stores.pauses().failed(attempt.lane(), dear, reason, retryAfter, ThreadLocalRandom.current());
        return End.FAILED;
    }
}
