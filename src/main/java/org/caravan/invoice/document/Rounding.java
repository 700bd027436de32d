package org.caravan.invoice.document;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;

/**
 * Where and how amounts are rounded. One named policy per document; everything that rounds money for a document goes
 * through it.
 *
 * <p>{@code digits} is always the number of digits of the currency an amount is in. Every rounding is half up, away from
 * zero for negative amounts, so that a credit mirrors its charge.
 */
public sealed interface Rounding permits CurrencyRounding, ResellerRounding, ArtificeRounding {
    /** The name in {@code config/accounts.yaml} and in documents. */
    String name();

    /** True if items are rounded and a line is their sum; false if lines are rounded. */
    boolean roundsItems();

    /** Rounds what the policy rounds first: an item's amount or a line's. Zero stays zero. */
    default BigDecimal amount(BigDecimal exact, int digits) {
        return money(exact, digits);
    }

    /** Rounds the difference that a correction makes to what was rounded before. */
    default BigDecimal difference(BigDecimal exact, int digits) {
        return amount(exact, digits);
    }

    /** Rounds an already rounded amount after its conversion into another currency. */
    default BigDecimal converted(BigDecimal amount, int digits) {
        return money(amount, digits);
    }

    /** True if what one tenant used in one datacenter is rounded once more; then items are rounded, too. */
    default boolean roundsProjects() {
        return false;
    }

    /** What one tenant used in one datacenter, from the sum of its items' rounded amounts. */
    default BigDecimal project(BigDecimal sumOfItems, int digits) {
        return sumOfItems;
    }

    /** Half up to the currency's digits: discount, taxes, and whatever else is one figure. */
    static BigDecimal money(BigDecimal amount, int digits) {
        return amount.setScale(digits, RoundingMode.HALF_UP);
    }

    /**
     * Digits of a currency: NZD 2, JPY 0, BHD 3.
     *
     * @throws IllegalArgumentException if it is no ISO 4217 code of a currency with digits
     */
    static int digits(String currency) {
        int digits = Currency.getInstance(currency).getDefaultFractionDigits();
        if (digits < 0) {
            throw new IllegalArgumentException("not a currency one can pay in: " + currency);
        }
        return digits;
    }

    /**
     * The policy that a document names; without a minimum charge, as what it was raised to stands in the document.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Rounding named(String name) {
        return switch (name) {
            case "currency" -> currency();
            case "reseller" -> reseller(BigDecimal.ZERO);
            case "artifice" -> artifice();
            default -> throw new IllegalArgumentException("no rounding policy '" + name + "'");
        };
    }

    /** Each line half up to the currency's digits. */
    static Rounding currency() {
        return CurrencyRounding.INSTANCE;
    }

    /**
     * Each item half up to one digit more than the currency's, what a tenant used in a datacenter half up to the currency's.
     *
     * @param minimumCharge what an item above zero and below it is billed as, in the rating currency; 0 = off
     */
    static Rounding reseller(BigDecimal minimumCharge) {
        return new ResellerRounding(minimumCharge);
    }

    /** Each item half up to the currency's digits; seconds are billed as begun hours, bytes as gigabytes. */
    static Rounding artifice() {
        return ArtificeRounding.INSTANCE;
    }
}
