package org.caravan.subscription;

import java.time.Instant;
import java.util.Map;

/**
 * A subscription that is tied: whose usage is whose.
 *
 * @param tenant whose usage is the subscription's
 * @param from usage that begins at or after it
 * @param until usage that begins before it; null while the subscription is open
 * @param products what its plan sells, by the name of the meter
 */
public record Subscribed(
        String id, String customer, String tenant, Instant from, Instant until, Map<String, Sold> products) {
    /**
     * A product of the plan.
     *
     * @param measure the unit that it is sold by, or null
     */
    public record Sold(String product, String measure) {}

    public Subscribed {
        products = Map.copyOf(products);
    }

    /** True of usage that begins then. */
    public boolean has(Instant begin) {
        return !begin.isBefore(from) && (until == null || begin.isBefore(until));
    }
}
