package org.caravan.ledger;

/** Samples came while usage was made of those before them: nothing was committed, and the usage is made anew. */
public final class SamplesChanged extends IllegalStateException {
    SamplesChanged(String tenant) {
        super("samples of tenant '" + tenant + "' came while usage was made of those before; it is made anew");
    }
}
