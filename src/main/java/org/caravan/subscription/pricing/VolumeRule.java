package org.caravan.subscription.pricing;

import java.math.BigDecimal;
import java.util.List;

/**
 * A price by the quantity of the whole month.
 *
 * @param graduated true if each slice has its own tier's price; false if the tier that the whole is in prices all of it
 */
public record VolumeRule(boolean graduated, List<Tier> tiers) {
    public VolumeRule {
        tiers = List.copyOf(tiers);
    }

    /** What a quantity comes to. Quantities that no tier holds are free. */
    public BigDecimal amount(BigDecimal quantity) {
        if (quantity.signum() < 0) {
            return amount(quantity.negate()).negate();
        }
        if (!graduated) {
            return quantity.multiply(price(quantity));
        }
        BigDecimal amount = BigDecimal.ZERO;
        for (Tier tier : tiers) {
            amount = amount.add(tier.slice(quantity).multiply(tier.price()));
        }
        return amount;
    }

    /** The price that all of a quantity has; null where its slices have several. */
    public BigDecimal unitPrice(BigDecimal quantity) {
        if (!graduated) {
            return price(quantity);
        }
        for (Tier tier : tiers) {
            if (tier.slice(quantity).compareTo(quantity) == 0) {
                return tier.price();
            }
        }
        return null;
    }

    /** The price of what is used beyond a quantity, up to the next tier; 0 where none is said. */
    public BigDecimal priceFrom(BigDecimal quantity) {
        return price(quantity);
    }

    private BigDecimal price(BigDecimal quantity) {
        return tiers.stream()
                .filter(tier -> tier.holds(quantity))
                .map(Tier::price)
                .findFirst()
                .orElse(BigDecimal.ZERO);
    }
}
