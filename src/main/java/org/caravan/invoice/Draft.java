package org.caravan.invoice;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.caravan.invoice.cost.CostKey;
import org.caravan.invoice.document.AccountProfile;
import org.caravan.invoice.document.Document;
import org.caravan.ledger.TenantMonth;
import org.caravan.rating.cost.UnitCost;

/**
 * A document as it would be issued, without key and number, and the usage it was built from.
 *
 * @param usage one element per tenant of the account
 * @param costs unit prices that usage got which had none before its month closed
 */
record Draft(AccountProfile profile, List<TenantMonth> usage, Document document, SortedMap<CostKey, UnitCost> costs) {
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
