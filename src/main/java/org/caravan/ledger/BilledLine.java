package org.caravan.ledger;

import java.math.BigDecimal;
import java.time.YearMonth;

/**
 * The line of a document that bears what a record is, or was, billed with.
 *
 * @param month billing month of the document
 * @param kind the line's
 * @param unitPrice in the ledger's currency; null where the amount is not linear in the quantity
 */
public record BilledLine(
        TenantRef tenant,
        String datacenter,
        String meter,
        String product,
        String unit,
        String resource,
        YearMonth usageMonth,
        YearMonth month,
        EntryKind kind,
        BigDecimal unitPrice,
        boolean priced) {

    /** Says of lines that a record's billing stands on whether one was given back; asked under the tenants' buckets. */
    public interface Credited {
        /** True if no record of the tenant can be concerned: then it is not asked further. */
        boolean isNothingOf(TenantRef tenant);

        boolean isCredited(BilledLine line);
    }
}
