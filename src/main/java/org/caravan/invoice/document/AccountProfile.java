package org.caravan.invoice.document;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

/**
 * How an account is billed.
 *
 * @param account name of the account
 * @param tenants the tenants it ties, {@code name} or {@code realm/name}; empty where the account is a tenant itself
 * @param bill false if it gets no document: its months stay open
 * @param customer who pays, for people; null if nothing is said
 * @param currency document currency (ISO 4217), or null = the ledger's
 * @param rate units of {@code currency} per unit of the ledger's currency, or null where none is said
 * @param taxes in the order they are shown; all on the same discounted subtotal
 * @param discountPercentage 0 to 100
 * @param discountFlat in the document's currency, 0 or more
 * @param rounding the policy
 * @param lines how usage is grouped into lines
 * @param connectors names of the connectors that get its documents
 */
public record AccountProfile(
        String account,
        List<String> tenants,
        boolean bill,
        Document.Customer customer,
        String currency,
        BigDecimal rate,
        List<TaxRate> taxes,
        BigDecimal discountPercentage,
        BigDecimal discountFlat,
        Rounding rounding,
        Lines lines,
        List<String> connectors) {

    /** The connector of accounts that name none. */
    public static final String DEFAULT_CONNECTOR = "csv-directory";

    public AccountProfile {
        tenants = List.copyOf(tenants);
        taxes = List.copyOf(taxes);
        connectors = List.copyOf(connectors);
    }

    /** How usage is grouped into the lines of a section. */
    public enum Lines {
        /** One line per product, unit and unit price. */
        PRICE,
        /** One line per product and unit, with the effective price where there was more than one. */
        PRODUCT,
        /** One line per resource, product, unit and unit price. */
        RESOURCE;

        /** The grouping with this name in {@code config/accounts.yaml}. */
        static Lines of(String name) {
            return valueOf(name.toUpperCase(Locale.ROOT));
        }
    }

    /** A tax: its name and its rate in percent. */
    public record TaxRate(String name, BigDecimal rate) {}

    /** What holds for an account that nobody described: the ledger's currency, no tax, no discount. */
    public static AccountProfile plain(String account) {
        return new AccountProfile(
                account,
                List.of(),
                true,
                null,
                null,
                null,
                List.of(),
                BigDecimal.ZERO,
                BigDecimal.ZERO,
                Rounding.currency(),
                Lines.PRICE,
                List.of(DEFAULT_CONNECTOR));
    }

    /**
     * This profile as a customer has it.
     *
     * @param other the account
     * @param customer name and address
     */
    public AccountProfile of(String other, List<String> tenants, Document.Customer customer) {
        return new AccountProfile(
                other,
                tenants,
                bill,
                customer,
                currency,
                rate,
                taxes,
                discountPercentage,
                discountFlat,
                rounding,
                lines,
                connectors);
    }

    /** This profile for another account that says nothing of its own. */
    AccountProfile of(String other) {
        return new AccountProfile(
                other,
                List.of(),
                bill,
                null,
                currency,
                rate,
                taxes,
                discountPercentage,
                discountFlat,
                rounding,
                lines,
                connectors);
    }

    /** Why the profile can't bill what a ledger rates in a currency; null if it can. */
    String rateProblem(String ratingCurrency) {
        boolean same = currency == null || currency.equals(ratingCurrency);
        if (same && rate != null && rate.compareTo(BigDecimal.ONE) != 0) {
            return "rate " + rate.toPlainString() + " for " + ratingCurrency
                    + ", the ledger's own currency; leave 'rate' out or name another 'currency'";
        }
        if (!same && rate == null) {
            return "currency " + currency + " without a 'rate' from the ledger's " + ratingCurrency
                    + "; add 'rate' to the accounts file, or, for a merchant's customer, the currency to its reseller or"
                    + " to caravan.invoice.rates";
        }
        return null;
    }
}
