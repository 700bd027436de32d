package org.caravan.invoice.document;

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
}
