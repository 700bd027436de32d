package org.caravan.hub.management;

import org.caravan.ledger.BatchTotals;
import org.caravan.ledger.UnpricedUsage;

/** What is kept from one look at a ledger to the next, which makes later ones cheap. */
public final class Looks {
    private final BatchTotals totals = new BatchTotals();
    private final UnpricedUsage unpriced = new UnpricedUsage();

    BatchTotals totals() {
        return totals;
    }

    UnpricedUsage unpriced() {
        return unpriced;
    }
}
