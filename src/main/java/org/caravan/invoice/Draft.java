package org.caravan.invoice;

import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.caravan.invoice.contract.Binding;
import org.caravan.invoice.cost.CostKey;
import org.caravan.invoice.document.AccountProfile;
import org.caravan.invoice.document.Document;
import org.caravan.ledger.TenantMonth;
import org.caravan.rating.cost.UnitCost;

/**
 * A document as it would be issued, without key and number, and the usage it was built from.
 *
 * @param month billing month
 * @param usage one element per tenant of the account; empty where only a contract has something due
 * @param costs unit prices that usage got which had none before its month closed
 * @param atClose what was added to the amounts of the entries when the document was made
 * @param binding what its contract writes with it
 */
record Draft(
        YearMonth month,
        AccountProfile profile,
        List<TenantMonth> usage,
        Document document,
        SortedMap<CostKey, UnitCost> costs,
        BigDecimal atClose,
        Binding binding) {
    String account() {
        return profile.account();
    }

    /** True if nothing entered its tenants' buckets since its usage was read. */
    boolean isCurrent(Map<Integer, Long> epochs) {
        return usage.stream().allMatch(month -> epochs.get(month.tenant().bucket()) == month.epoch());
    }

    /** The document under the identity it is issued with; nothing that was rated or rounded changes. */
    static Document numbered(Document d, String key, String number) {
        return new Document(
                d.schemaVersion(),
                d.kind(),
                d.corrects(),
                d.correctsNumber(),
                d.reason(),
                key,
                number,
                d.issued(),
                d.proforma(),
                d.issuer(),
                d.account(),
                d.tenants(),
                d.customer(),
                d.month(),
                d.period(),
                d.currency(),
                d.ratingCurrency(),
                d.rate(),
                d.rounding(),
                d.sections(),
                d.subtotal(),
                d.exact(),
                d.roundingDifference(),
                d.discount(),
                d.taxes(),
                d.total());
    }
}
