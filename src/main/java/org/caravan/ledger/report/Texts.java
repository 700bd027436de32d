package org.caravan.ledger.report;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/** Orders of texts that are the same here and in the database. */
final class Texts {
    static final Comparator<String> AS_BYTES =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    /** Whole numbers without sign; padded ones are equally long. */
    static final Comparator<String> AS_NUMBERS =
            Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

    private Texts() {}
}
