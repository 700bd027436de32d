package org.caravan.rating.cost;

import java.util.Optional;

/** The prices of a month, as they were read at one time. Immutable. */
public interface PriceBook {
    /**
     * The price of a product in a datacenter.
     *
     * @param datacenter {@code ""} where the usage names none
     * @throws org.caravan.common.UserError if there is one that can't be used, saying why
     */
    Optional<UnitCost> cost(String datacenter, String product);

    /** The currency of all of them (ISO 4217), or null where the source names none: then it is the ledger's. */
    String currency();
}
