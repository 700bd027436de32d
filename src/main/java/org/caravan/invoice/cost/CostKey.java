package org.caravan.invoice.cost;

import java.time.YearMonth;
import java.util.Comparator;

/**
 * What has a price.
 *
 * @param month of use
 * @param datacenter {@code ""} if the source named none
 */
public record CostKey(YearMonth month, String datacenter, String product) implements Comparable<CostKey> {
    private static final Comparator<CostKey> ORDER = Comparator.comparing(CostKey::month)
            .thenComparing(CostKey::datacenter)
            .thenComparing(CostKey::product);

    @Override
    public int compareTo(CostKey other) {
        return ORDER.compare(this, other);
    }

    /** {@code nz-por-1.c1.c1r1}, for people. */
    public String name() {
        return datacenter.isEmpty() ? product : datacenter + "." + product;
    }
}
