package org.caravan.subscription.pricing;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.caravan.metering.Bands;

/**
 * What a product costs in a plan: rules that add.
 *
 * @param fixed prices for a billing period, whatever was used
 */
public record PriceRules(List<BigDecimal> fixed, List<VolumeRule> volumes, List<TimeRule> times) {
    public static final PriceRules NONE = new PriceRules(List.of(), List.of(), List.of());

    public PriceRules {
        fixed = List.copyOf(fixed);
        volumes = List.copyOf(volumes);
        times = List.copyOf(times);
    }

    /** True if nothing is charged by them, and somebody should know. */
    public boolean isEmpty() {
        return fixed.isEmpty() && volumes.isEmpty() && times.isEmpty();
    }

    /** True if usage is charged. */
    public boolean hasUsagePrice() {
        return !volumes.isEmpty() || !times.isEmpty();
    }

    /** What a whole period costs, whatever was used. */
    public BigDecimal ofPeriod() {
        return fixed.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** What the month's quantity comes to by volume. */
    public BigDecimal byVolume(BigDecimal quantity) {
        return volumes.stream().map(rule -> rule.amount(quantity)).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /**
     * What a part of the month's quantity comes to by volume, as it is used after another part. What a volume price does to
     * the part before is no part of it.
     *
     * @param before quantity before it
     * @param total of the month
     */
    public BigDecimal slice(BigDecimal before, BigDecimal quantity, BigDecimal total) {
        BigDecimal amount = BigDecimal.ZERO;
        for (VolumeRule rule : volumes) {
            amount = amount.add(
                    rule.graduated()
                            ? rule.amount(before.add(quantity)).subtract(rule.amount(before))
                            : rule.unitPrice(total).multiply(quantity));
        }
        return amount;
    }

    /** The price by volume that all of the month's quantity has; null where it has several. */
    public BigDecimal unitPrice(BigDecimal total) {
        BigDecimal sum = BigDecimal.ZERO;
        for (VolumeRule rule : volumes) {
            BigDecimal price = rule.unitPrice(total);
            if (price == null) {
                return null;
            }
            sum = sum.add(price);
        }
        return sum;
    }

    /**
     * The price per unit by the time of the day.
     *
     * @param band that the usage is in, if its meter has bands
     * @throws IllegalArgumentException if there is such a price, and the usage is not told apart by it
     */
    public BigDecimal byTime(Optional<Bands.Part> band) {
        BigDecimal sum = BigDecimal.ZERO;
        for (TimeRule rule : times) {
            sum = sum.add(rule.price(band.orElseThrow(() -> new IllegalArgumentException(
                    "its price by the time of the day needs a meter with 'bands' in the meters file"))));
        }
        return sum;
    }
}
