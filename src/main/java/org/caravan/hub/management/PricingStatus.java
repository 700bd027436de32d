package org.caravan.hub.management;

import java.util.List;
import org.caravan.ledger.UnpricedUsage;

/**
 * What prices usage, and what it left without a price.
 *
 * @param hashmap false if the rating module of the rules is switched off
 * @param version of the rules
 * @param unpriced open months with usage that nothing priced
 */
public record PricingStatus(boolean hashmap, long version, List<UnpricedUsage.Month> unpriced) {
    /** Records of open months without a price. */
    public long records() {
        return unpriced.stream().mapToLong(UnpricedUsage.Month::records).sum();
    }
}
