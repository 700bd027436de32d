package org.caravan.ledger;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Set;

/**
 * What one resource of a tenant used of one product at one price in one billing month: the grain a document is built
 * from.
 *
 * @param datacenter {@code ""} if the source named none
 * @param meter name of the meter
 * @param product name of the product
 * @param resource {@code ""} for meters without resource
 * @param identity values of {@code identity.by}, {@code ""} if none
 * @param unit billed unit
 * @param unitPrice amount per unit, or null where the amount is not linear in the quantity
 * @param priced false if nothing priced it; the amount is then 0
 * @param kind why the entries exist; what was re-rated while its month was open has the kind of what it changed
 * @param usageMonth month of use; differs from the billing month for adjustments
 * @param quantity exact
 * @param amount exact, unrounded
 * @param seconds billed time
 * @param firstBegin begin of the first record
 * @param lastEnd end of the last record
 * @param records number of records; 0 with quantity and amount 0 where a re-rating left nothing at this price
 * @param later modules that price it only when its month closes ({@code cost}, {@code plan}); mostly empty
 * @param since day of the last cut of its tenant's usage on or before the days that it sums up; null if there is none
 */
public record UsageSum(
        String datacenter,
        String meter,
        String product,
        String resource,
        String identity,
        String unit,
        BigDecimal unitPrice,
        boolean priced,
        EntryKind kind,
        YearMonth usageMonth,
        BigDecimal quantity,
        BigDecimal amount,
        BigDecimal seconds,
        Instant firstBegin,
        Instant lastEnd,
        long records,
        Set<String> later,
        LocalDate since) {
    public UsageSum {
        later = Set.copyOf(later);
    }

    /** Of usage that has its price. */
    public UsageSum(
            String datacenter,
            String meter,
            String product,
            String resource,
            String identity,
            String unit,
            BigDecimal unitPrice,
            boolean priced,
            EntryKind kind,
            YearMonth usageMonth,
            BigDecimal quantity,
            BigDecimal amount,
            BigDecimal seconds,
            Instant firstBegin,
            Instant lastEnd,
            long records) {
        this(
                datacenter,
                meter,
                product,
                resource,
                identity,
                unit,
                unitPrice,
                priced,
                kind,
                usageMonth,
                quantity,
                amount,
                seconds,
                firstBegin,
                lastEnd,
                records,
                Set.of(),
                null);
    }

    /** True if all of it was taken back again. */
    public boolean isNothing() {
        return records == 0 && quantity.signum() == 0 && amount.signum() == 0;
    }
}
