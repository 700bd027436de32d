package org.caravan.metering;

/**
 * A JSON number with fraction or exponent found in <em>metadata</em>, kept as written.
 *
 * <p>Its meaning when a rule compares it is that of a Python float (HashMap contract 4.3); the rating package alone
 * gives it that meaning. Quantities, prices, costs and levels are never read this way.
 *
 * @param literal the number as it stood in the JSON, never null
 */
public record JsonFloat(String literal) {
    @Override
    public String toString() {
        return literal;
    }
}
