package org.caravan.ledger.report;

import java.math.BigDecimal;
import java.util.List;
import org.caravan.common.Decimals;

/** What a group comes to, as it is added up. */
final class Sums {
    private BigDecimal quantity = BigDecimal.ZERO;
    private BigDecimal amount = BigDecimal.ZERO;
    private long records;

    // of single records; null where only sums were added
    private BigDecimal leastQuantity;
    private BigDecimal mostQuantity;
    private BigDecimal lastQuantity;
    private BigDecimal leastAmount;
    private BigDecimal mostAmount;
    private BigDecimal lastAmount;
    private long lastBegin = Long.MIN_VALUE;

    void add(BigDecimal moreQuantity, BigDecimal moreAmount, long moreRecords) {
        quantity = quantity.add(moreQuantity);
        amount = amount.add(moreAmount);
        records += moreRecords;
    }

    /** Adds sums that know no single records. */
    void add(Sums other) {
        add(other.quantity, other.amount, other.records);
    }

    /** Adds a record; of those that begin at the same moment the one added last is the last. */
    void addRecord(BigDecimal used, BigDecimal costs, long begin) {
        add(used, costs, 1);
        leastQuantity = leastQuantity == null ? used : leastQuantity.min(used);
        mostQuantity = mostQuantity == null ? used : mostQuantity.max(used);
        leastAmount = leastAmount == null ? costs : leastAmount.min(costs);
        mostAmount = mostAmount == null ? costs : mostAmount.max(costs);
        if (begin >= lastBegin) {
            lastBegin = begin;
            lastQuantity = used;
            lastAmount = costs;
        }
    }

    /** False if what was added took itself back. */
    boolean isAnything() {
        return records != 0 || quantity.signum() != 0 || amount.signum() != 0;
    }

    List<BigDecimal> figures(List<Aggregate> wanted) {
        return wanted.stream().map(this::figure).toList();
    }

    private BigDecimal figure(Aggregate wanted) {
        boolean ofQuantity = wanted.measure() == Aggregate.Measure.QTY;
        return plain(
                switch (wanted.function()) {
                    case SUM -> ofQuantity ? quantity : amount;
                    case COUNT -> BigDecimal.valueOf(records);
                    case AVG ->
                        records == 0
                                ? BigDecimal.ZERO
                                : (ofQuantity ? quantity : amount).divide(BigDecimal.valueOf(records), Decimals.RATING);
                    case MIN -> ofQuantity ? leastQuantity : leastAmount;
                    case MAX -> ofQuantity ? mostQuantity : mostAmount;
                    case LAST -> ofQuantity ? lastQuantity : lastAmount;
                });
    }

    /** Trailing zeros say nothing in an exact number; without them equal numbers look equal. */
    private static BigDecimal plain(BigDecimal value) {
        return new BigDecimal(Decimals.plain(value));
    }
}
