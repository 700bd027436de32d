package org.caravan.subscription.pricing;

import java.math.BigDecimal;

/**
 * A price for a part of the quantities: [from, to).
 *
 * @param from null = from nothing on
 * @param to null = without end
 * @param price per unit
 */
public record Tier(BigDecimal from, BigDecimal to, BigDecimal price) {
    /** True if a quantity is in it. */
    boolean holds(BigDecimal quantity) {
        return (from == null || quantity.compareTo(from) >= 0) && (to == null || quantity.compareTo(to) < 0);
    }

    /** How much of a quantity of 0 or more lies in it. */
    BigDecimal slice(BigDecimal quantity) {
        BigDecimal low = from == null ? BigDecimal.ZERO : from.max(BigDecimal.ZERO);
        BigDecimal high = to == null ? quantity : quantity.min(to);
        return high.subtract(low).max(BigDecimal.ZERO);
    }

    /** True if some quantity is in both. */
    boolean overlaps(Tier other) {
        boolean before = to != null && other.from != null && to.compareTo(other.from) <= 0;
        boolean after = from != null && other.to != null && other.to.compareTo(from) <= 0;
        return !before && !after;
    }
}
