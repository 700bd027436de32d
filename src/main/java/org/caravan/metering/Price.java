package org.caravan.metering;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;

/**
 * What priced a record: tariff version, the rules that matched, and the unit price where the amount is that price
 * times the quantity.
 *
 * <p>Instances are shared by all records that the same rules priced; two are equal when they say the same.
 */
public final class Price {
    private final String tariff;
    private final List<String> rules;
    private final BigDecimal unitPrice;
    private final boolean priced;
    private final int hash;

    /**
     * @param tariff version of the tariff (a digest) that was asked, {@code ""} where none was: the price was given, or
     *     is to be found at the close
     * @param rules names of the rules that applied, in the order they were applied
     * @param unitPrice amount per billed unit, or null where the amount is not linear in the quantity
     * @param priced false if nothing prices this meter, now or when its month closes: the amount is 0 and the record counts as unpriced
     */
    public Price(String tariff, List<String> rules, BigDecimal unitPrice, boolean priced) {
        this.tariff = Objects.requireNonNull(tariff);
        this.rules = List.copyOf(rules);
        // 1.50 and 1.5 are one price and one line of a document
        this.unitPrice = unitPrice == null ? null : unitPrice.stripTrailingZeros();
        this.priced = priced;
        this.hash = Objects.hash(this.tariff, this.rules, this.unitPrice, priced);
    }

    public String tariff() {
        return tariff;
    }

    public List<String> rules() {
        return rules;
    }

    /** Amount per billed unit, trailing zeros stripped; null where the amount is not linear in the quantity. */
    public BigDecimal unitPrice() {
        return unitPrice;
    }

    public boolean priced() {
        return priced;
    }

    @Override
    public boolean equals(Object o) {
        return this == o
                || o instanceof Price p
                        && hash == p.hash
                        && priced == p.priced
                        && tariff.equals(p.tariff)
                        && rules.equals(p.rules)
                        && Objects.equals(unitPrice, p.unitPrice);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return "Price[" + tariff + " " + rules + " " + unitPrice + (priced ? "" : " unpriced") + "]";
    }
}
