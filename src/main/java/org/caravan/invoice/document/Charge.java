package org.caravan.invoice.document;

import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.List;
import org.caravan.ledger.EntryKind;
import org.caravan.ledger.UsageSum;

/**
 * A line that a contract makes: what one subscription is charged for one product. Amounts are in the rating currency.
 *
 * @param datacenter section that it stands in
 * @param label what people call it
 * @param note what a reader must know, or null
 * @param usageMonth month of use
 * @param unitPrice price per unit where the whole amount is linear in the quantity, else null
 * @param priced false if the contract has no price for it
 * @param items what it consists of; never empty
 */
public record Charge(
        String datacenter,
        String product,
        String label,
        String note,
        String unit,
        EntryKind kind,
        YearMonth usageMonth,
        BigDecimal unitPrice,
        boolean priced,
        List<Item> items) {
    public Charge {
        items = List.copyOf(items);
    }

    /**
     * What one resource adds.
     *
     * @param tenant whose it is, as {@link AccountProfiles#tenantName}; {@code ""} where it is nobody's
     * @param sum with its amount
     */
    public record Item(String tenant, UsageSum sum) {}
}
