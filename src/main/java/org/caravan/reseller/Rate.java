package org.caravan.reseller;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.caravan.invoice.document.Document;
import org.caravan.subscription.pricing.PriceRules;
import org.caravan.subscription.pricing.VolumeRule;

/**
 * What a unit costs, in the document's currency.
 *
 * @param flat one price; null where there are tiers
 * @param tiers prices by quantity, each slice at its own; empty where no quantity is in any, null where the price is flat
 */
public record Rate(BigDecimal flat, List<Tier> tiers) {
    private static final int EFFECTIVE_DIGITS = 12;

    /**
     * A slice [from, to).
     *
     * @param to null = without end
     */
    public record Tier(BigDecimal from, BigDecimal to, BigDecimal rate) {}

    public Rate {
        tiers = tiers == null ? null : List.copyOf(tiers);
    }

    public boolean isTiered() {
        return tiers != null;
    }

    /** The price that made the amount; where there is none that did, what a unit came to; 0 where nothing was counted. */
    static Rate flat(Document.Item item) {
        if (item.unitPrice() != null) {
            return new Rate(item.unitPrice(), null);
        }
        return new Rate(
                item.quantity().signum() == 0
                        ? BigDecimal.ZERO
                        : item.exact().divide(item.quantity(), EFFECTIVE_DIGITS, RoundingMode.HALF_UP),
                null);
    }

    /** True if rules say it all by slices. */
    static boolean isTiered(PriceRules rules) {
        return !rules.volumes().isEmpty() && rules.volumes().stream().allMatch(VolumeRule::graduated);
    }

    /**
     * Graduated prices that add up, as one list of slices.
     *
     * @param beside a price per unit that adds to each
     * @param rate of the document's currency
     */
    static Rate tiers(PriceRules rules, BigDecimal beside, BigDecimal rate) {
        TreeSet<BigDecimal> bounds = new TreeSet<>(List.of(BigDecimal.ZERO));
        for (VolumeRule rule : rules.volumes()) {
            rule.tiers().forEach(tier -> {
                if (tier.from() != null && tier.from().signum() > 0) {
                    bounds.add(tier.from());
                }
                if (tier.to() != null && tier.to().signum() > 0) {
                    bounds.add(tier.to());
                }
            });
        }
        List<Tier> tiers = new ArrayList<>();
        for (BigDecimal from : bounds) {
            BigDecimal price = beside;
            for (VolumeRule rule : rules.volumes()) {
                price = price.add(rule.priceFrom(from));
            }
            tiers.add(new Tier(from, bounds.higher(from), price.multiply(rate)));
        }
        return new Rate(null, tiers);
    }
}
