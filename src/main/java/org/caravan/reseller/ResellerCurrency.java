package org.caravan.reseller;

import java.math.BigDecimal;

/**
 * A currency of a reseller.
 *
 * @param id made by us
 * @param reseller id of the merchant
 * @param isoCode ISO 4217
 * @param label what it is called
 * @param pluralLabel what more than one are called
 * @param symbol as the portal shows it
 * @param rate units of it per unit of the main currency, 8 decimals
 * @param main true for one of a reseller's currencies: the ledger's
 */
public record ResellerCurrency(
        String id,
        String reseller,
        String isoCode,
        String label,
        String pluralLabel,
        String symbol,
        BigDecimal rate,
        boolean main) {}
