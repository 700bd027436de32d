package org.caravan.ledger.report;

/**
 * A figure of a group.
 *
 * @param name how the asker calls it
 */
public record Aggregate(Function function, Measure measure, String name) {
    /** How many values become one. */
    public enum Function {
        SUM,
        AVG,
        COUNT,
        MIN,
        MAX,
        /** Of the record that begins last. */
        LAST;

        /** True if sums by day don't know it. */
        boolean needsRecords() {
            return compareTo(MIN) >= 0;
        }
    }

    /** What of a record. */
    public enum Measure {
        /** Quantity in billed units. */
        QTY,
        /** What it costs, in the ledger's currency. */
        PRICE
    }

    public static Aggregate sum(Measure measure, String name) {
        return new Aggregate(Function.SUM, measure, name);
    }
}
