package org.caravan.invoice;

import java.util.Map;
import org.caravan.rating.cost.PriceSource;

/**
 * Unit prices that a connector's ERP keeps, for meters with {@code pricing: cost}. A Kamelet names its implementation in the
 * annotation {@code caravan/prices}: a class with a public constructor without parameters.
 */
public interface PricesElsewhere {
    /**
     * The ERP's prices; it is not asked yet.
     *
     * @param settings the connector's properties as its Kamelet gets them
     * @throws org.caravan.common.UserError naming a property that is unfit
     */
    PriceSource open(Map<String, String> settings);
}
