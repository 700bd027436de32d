package org.caravan.reseller;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.caravan.invoice.document.DocumentShare;

/**
 * A row of a report: an invoice, or an item of one.
 *
 * @param invoice what the row is of
 * @param figures of the invoice, or of its part at one cloud; null at a row of an item, so that no sum has them twice
 * @param provider names of its clouds; null where nobody asked
 * @param project of the item; null at a row of an invoice
 * @param item null at a row of an invoice
 * @param note what its reseller wrote beside the item's resource, or null
 */
public record ReportRow(
        Invoice invoice, Figures figures, String provider, BilledProject project, Billable item, JsonNode note) {

    /**
     * What is the same in all rows of an invoice.
     *
     * @param id as the other calls show it
     * @param test true if the client is there for tests alone
     * @param subscription id of the client's first one in that month; null if it had none
     * @param last day of the period, inclusive
     * @param metadata of the client, a JSON object
     * @param reseller name of the client's
     */
    public record Invoice(
            String id,
            Client client,
            boolean test,
            String subscription,
            LocalDate first,
            LocalDate last,
            boolean paid,
            String metadata,
            String reseller) {}

    /** Amounts in the document's currency. */
    public record Figures(
            BigDecimal subtotal,
            BigDecimal discountPercentage,
            BigDecimal discountFlat,
            BigDecimal discount,
            BigDecimal total) {
        static Figures of(DocumentShare share) {
            return new Figures(
                    share.subtotal(),
                    share.discount().percentage(),
                    share.discount().flat(),
                    share.discount().amount(),
                    share.total());
        }
    }
}
