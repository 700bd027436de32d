package org.caravan.invoice;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.caravan.common.LostConnection;
import org.caravan.invoice.ConnectorCall.BatchResult;
import org.caravan.invoice.Deliveries.Attempt;
import org.caravan.invoice.Deliveries.Committed;
import org.caravan.invoice.Deliveries.Failure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers documents of a lane together, to a connector that takes them so. Each has an attempt and an end of its own, so that
 * doubt about one says nothing of the others. Only documents that were never tried come together: one that failed, whatever of
 * its batch was at fault, is tried alone from then on.
 */
final class LaneBatch {
    private static final Logger LOG = LoggerFactory.getLogger(LaneBatch.class);

    private final ConnectorCall call;
    private final ConnectorInfo info;
    private final DeliveryStores stores;

    LaneBatch(ConnectorCall call, ConnectorInfo info, DeliveryStores stores) {
        this.call = call;
        this.info = info;
        this.stores = stores;
    }

    /** How a batch bears on what follows in its lane. */
    enum End {
        /** The connector works. */
        WELL,
        /** All were refused for what they say; the connector works. */
        REFUSED,
        /** The next call would most likely fail the same way. */
        FAILED,
        /** A lease was lost: the lane is another hub's. */
        LOST
    }

    /** The claims that may go together from the front of those waiting; fewer than two where they may not. */
    List<Lanes.Claim> together(Deque<Lanes.Claim> waiting) {
        List<Lanes.Claim> together = new ArrayList<>();
        for (Lanes.Claim claim : waiting) {
            if (!claim.fresh() || claim.doubt() || together.size() == info.batch()) {
                break;
            }
            together.add(claim);
        }
        return together;
    }

    /**
     * Starts what fits of these claims, commits it with one call, and keeps what became of each.
     *
     * @param waiting loses the claims that were started or lost
     */
    End deliver(List<Lanes.Claim> claims, Deque<Lanes.Claim> waiting) throws SQLException {
        long began = System.nanoTime();
        List<Attempt> attempts = stores.deliveries().startBatch(claims);
        if (attempts.isEmpty()) {
            // parked meanwhile, or their lease lapsed
            waiting.removeAll(claims);
            return End.REFUSED;
        }
        List<Long> started = attempts.stream().map(Attempt::delivery).toList();
        long last = started.get(started.size() - 1);
        // what did not fit stays for the next call; what stood before the last one and was not started is lost
        while (!waiting.isEmpty() && waiting.remove().delivery() != last) {
            continue;
        }
        if (System.nanoTime() - began > stores.settings().lease().toNanos()) {
            // this process was frozen: who asks the ERP meanwhile must be able to rely on its "no"
            return End.LOST;
        }
        return keep(attempts, call.commitAll(attempts, stores.clock().instant()));
    }

    private End keep(List<Attempt> attempts, BatchResult result) throws SQLException {
        List<Committed> committed = new ArrayList<>();
        Map<Attempt, BatchAnswer.Read> others = new LinkedHashMap<>();
        for (Attempt attempt : attempts) {
            BatchAnswer.Read answer = answer(attempt, result);
            if (answer.failure() == null) {
                committed.add(new Committed(attempt, answer.reference(), answer.total(), null));
            } else {
                others.put(attempt, answer);
            }
        }
        int kept = committed.isEmpty() ? 0 : keep(committed);
        boolean well = kept > 0;
        boolean lost = kept < committed.size();
        boolean failed = false;
        boolean dear = false;
        String reason = null;
        for (Map.Entry<Attempt, BatchAnswer.Read> other : others.entrySet()) {
            Attempt attempt = other.getKey();
            BatchAnswer.Read answer = other.getValue();
            Optional<DeliveryState> state = Keeping.surely(() -> stores.deliveries()
                    .failed(
                            attempt,
                            info,
                            answer.failure(),
                            answer.reason(),
                            result.retryAfter(),
                            ThreadLocalRandom.current()));
            LOG.warn(
                    "Document {}, connector {}, attempt {}: {}; the delivery is {}",
                    attempt.document().number(),
                    info.name(),
                    attempt.number(),
                    answer.reason(),
                    state.map(DeliveryState::code).orElse("another hub's now"));
            lost |= state.isEmpty();
            if (answer.failure() != Failure.PERMANENT) {
                failed = true;
                reason = answer.reason();
                dear |= state.filter(DeliveryState.IN_DOUBT::equals).isPresent()
                        && info.repeat() == ConnectorInfo.Repeat.NEVER;
            }
        }
        if (lost) {
            return End.LOST;
        }
        if (well || !failed) {
            return well ? End.WELL : End.REFUSED;
        }
        stores.pauses().failed(attempts.get(0).lane(), dear, reason, result.retryAfter(), ThreadLocalRandom.current());
        return End.FAILED;
    }

    /** Keeps all that were committed with one transaction, or one by one where something is in its way. */
    private int keep(List<Committed> committed) throws SQLException {
        try {
            try {
                return Keeping.surely(() -> stores.deliveries().committed(committed))
                        .size();
            } catch (SQLException e) {
                if (LostConnection.is(e)) {
                    throw e;
                }
                LOG.warn(
                        "Connector {}: the outcome of {} documents can't be kept at once ({}); one by one",
                        info.name(),
                        committed.size(),
                        e.getMessage());
            }
            int kept = 0;
            for (Committed one : committed) {
                kept += Keeping.surely(() -> stores.deliveries().committed(List.of(one)))
                        .size();
            }
            return kept;
        } catch (SQLException e) {
            LOG.error(
                    "Connector {} committed these, but the ledger can't be reached to keep that; unless the connector is safe"
                            + " to repeat, adopt what it has: {}",
                    info.name(),
                    committed.stream()
                            .map(one -> one.attempt().document().number() + " as " + one.reference())
                            .collect(Collectors.joining(", ")));
            throw e;
        }
    }

    private BatchAnswer.Read answer(Attempt attempt, BatchResult result) {
        if (result.error() != null) {
            Failure kind = Failures.kind(result.error(), info);
            String reason = Failures.reason(result.error());
            // whichever document was at fault, the connector may have committed some before it
            return BatchAnswer.Read.failed(
                    kind == Failure.PERMANENT ? Failure.UNKNOWN : kind,
                    kind == Failure.PERMANENT ? "of a batch that was refused as a whole: " + reason : reason);
        }
        if (result.unreadable() != null) {
            return BatchAnswer.Read.failed(
                    Failure.NO_REFERENCE, "its answer can't be read: " + Failures.reason(result.unreadable()));
        }
        return BatchAnswer.of(result.byKey().get(attempt.document().key()));
    }
}
