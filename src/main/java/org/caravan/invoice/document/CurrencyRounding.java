package org.caravan.invoice.document;

import java.math.BigDecimal;

/** The policy {@code currency}: each line half up to the currency's digits; a section is the sum of its lines. */
record CurrencyRounding() implements Rounding {
    static final CurrencyRounding INSTANCE = new CurrencyRounding();

    @Override
    public String name() {
        return "currency";
    }

    @Override
    public boolean roundsItems() {
        return false;
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
