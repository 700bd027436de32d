package org.caravan.rating.cost;

import java.math.BigDecimal;
import java.util.Objects;

/**
 * A price per unit.
 *
 * @param price of one unit, trailing zeros stripped
 * @param unit what is priced; empty where the source does not say, and the usage's own is meant
 */
public record UnitCost(BigDecimal price, String unit) {
    public UnitCost {
        price = price.signum() == 0 ? BigDecimal.ZERO : price.stripTrailingZeros();
        Objects.requireNonNull(unit, "unit");
    }
}
