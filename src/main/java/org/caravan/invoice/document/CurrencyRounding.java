package org.caravan.invoice.document;

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
}
