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
 * @param minimumCharge what an item above zero and below it is billed as, where the policy {@code reseller} rounds and the
 *     accounts file says nothing else; 0 = off
 */
public record BillingSettings(
        boolean perTenant,
        boolean holdUnsubscribed,
        Map<String, BigDecimal> rates,
        Duration due,
        BigDecimal minimumCharge) {
    /** What the policy {@code reseller} bills an item at least, where nothing else is said. */
    public static final BigDecimal MINIMUM_CHARGE = new BigDecimal("0.01");

    public BillingSettings {
        rates = Map.copyOf(rates);
    }

    /** With the usual minimum charge. */
    public BillingSettings(boolean perTenant, boolean holdUnsubscribed, Map<String, BigDecimal> rates, Duration due) {
        this(perTenant, holdUnsubscribed, rates, due, MINIMUM_CHARGE);
    }

    /** What holds where nothing else is said. */
    public static BillingSettings defaults() {
        return new BillingSettings(false, false, Map.of(), Duration.ofDays(14));
    }
}
