package org.caravan.hub.gnocchi;

import java.time.Instant;
import org.caravan.ledger.PulledMetrics;

/**
 * A stretch of one metric that is read and committed at once.
 *
 * @param from inclusive, where the metric's position stands
 * @param to exclusive; both are multiples of the granularity
 * @param again true for the second look
 */
record Window(Metric metric, Instant from, Instant to, boolean again) {
    /** Key of the position that it moves. */
    String position() {
        return again ? PulledMetrics.again(metric.key()) : metric.key();
    }

    long periods() {
        return (to.getEpochSecond() - from.getEpochSecond()) / metric.seconds();
    }

    @Override
    public String toString() {
        return metric + " from " + from + " to " + to + (again ? ", second look" : "");
    }
}
