package org.caravan.subscription.billing;

import java.math.BigDecimal;
import java.util.List;
import org.caravan.invoice.document.AccountProfile;
import org.caravan.invoice.document.AccountProfile.TaxRate;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.Rounding;

/**
 * A customer as it is billed. What is null is as the accounts file says for its account, or by default.
 *
 * @param account name of its account
 * @param shown who pays, for people
 * @param currency of its documents (ISO 4217)
 * @param resellerRate units of the currency per unit of the ledger's, as its merchant said as a reseller
 * @param rounding name of the policy: its own, or {@code reseller} where its merchant is one
 */
record Customer(
        String account,
        Document.Customer shown,
        String currency,
        BigDecimal resellerRate,
        List<TaxRate> taxes,
        BigDecimal discountPercentage,
        BigDecimal discountFlat,
        String rounding,
        List<String> connectors) {

    /** How it is billed. */
    AccountProfile profile(
            String name, List<String> tenants, AccountProfile file, String ratingCurrency, BillingSettings settings) {
        boolean same = currency.equals(ratingCurrency);
        return new AccountProfile(
                name,
                tenants,
                file.bill(),
                shown,
                same ? null : currency,
                same ? null : rate(file, settings),
                taxes == null ? file.taxes() : taxes,
                discountPercentage == null ? file.discountPercentage() : discountPercentage,
                discountFlat == null ? file.discountFlat() : discountFlat,
                rounding == null || rounding.equals(file.rounding().name()) ? file.rounding() : policy(settings),
                file.lines(),
                connectors == null ? file.connectors() : connectors);
    }

    /** Whoever sells to it knows best. */
    private BigDecimal rate(AccountProfile file, BillingSettings settings) {
        if (resellerRate != null) {
            return resellerRate;
        }
        return currency.equals(file.currency()) && file.rate() != null
                ? file.rate()
                : settings.rates().get(currency);
    }

    private Rounding policy(BillingSettings settings) {
        return rounding.equals("reseller") ? Rounding.reseller(settings.minimumCharge()) : Rounding.named(rounding);
    }
}
