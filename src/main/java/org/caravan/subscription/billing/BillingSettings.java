package org.caravan.subscription.billing;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;

/**
 * How customers are billed.
 *
 * @param perTenant true for a document per tenant, false for one per customer over all its tenants
 * @param holdUnsubscribed true if tenants without a subscription stay open; false if they are billed to themselves
 * @param rates units of a currency (ISO 4217) per unit of the ledger's, for customers that pay in it
 * @param due how long after its issue an invoice is due
 */
public record BillingSettings(
        boolean perTenant, boolean holdUnsubscribed, Map<String, BigDecimal> rates, Duration due) {
    public BillingSettings {
        rates = Map.copyOf(rates);
    }

    /** What holds where nothing else is said. */
    public static BillingSettings defaults() {
        return new BillingSettings(false, false, Map.of(), Duration.ofDays(14));
    }
}
