package org.caravan.reseller;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import org.caravan.subscription.pricing.PriceRules;
import org.caravan.subscription.pricing.PriceRulesJson;
import org.caravan.subscription.pricing.TimeRule;
import org.caravan.subscription.pricing.VolumeRule;

/** One price for a price list, of rules that may know many. */
final class ListPrice {
    /** Less than any quantity that is billed. */
    private static final BigDecimal LITTLE = new BigDecimal("1E-30");

    private ListPrice() {}

    /**
     * What the first unit of a month costs, at the time of the day that comes first in the rules. Prices of a period are no
     * price of a unit.
     */
    static BigDecimal of(JsonNode pricing) {
        PriceRules rules = PriceRulesJson.read(pricing);
        BigDecimal price = BigDecimal.ZERO;
        for (VolumeRule rule : rules.volumes()) {
            BigDecimal first = rule.unitPrice(LITTLE);
            price = price.add(first == null ? BigDecimal.ZERO : first);
        }
        for (TimeRule rule : rules.times()) {
            price = price.add(rule.spans().get(0).price());
        }
        return price;
    }
}
