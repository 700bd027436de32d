package org.caravan.invoice.document;

import java.math.BigDecimal;

/**
 * The policy {@code artifice}: what one resource used of one product is rounded half up to the currency's digits, and all
 * totals are sums of these. Quantities are converted first, see {@link ArtificeUnits}.
 */
record ArtificeRounding() implements Rounding {
    static final ArtificeRounding INSTANCE = new ArtificeRounding();

    @Override
    public String name() {
        return "artifice";
    }

    @Override
    public boolean roundsItems() {
        return true;
    }

    @Override
    public BigDecimal amount(BigDecimal exact, int digits) {
        return Rounding.money(exact, digits);
    }

    @Override
    public BigDecimal converted(BigDecimal amount, int digits) {
        return Rounding.money(amount, digits);
    }

    @Override
    public BigDecimal section(BigDecimal sumOfLines, int digits) {
        return sumOfLines;
    }
}
