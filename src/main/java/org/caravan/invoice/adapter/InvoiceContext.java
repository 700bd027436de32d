package org.caravan.invoice.adapter;

import java.time.Instant;
import java.util.Map;
import org.caravan.invoice.document.Document;

/**
 * What an adapter knows of its invoice before the first line.
 *
 * @param tenant who pays: a tenant's id, or the account that ties several
 * @param name of the customer, else the tenant's id
 * @param key identity of the invoice for ever: keep it in the ERP
 * @param number for people
 * @param from begin of the period, UTC; null where the adapter is only asked
 * @param to end of the period, exclusive; null where the adapter is only asked
 * @param currency ISO 4217
 * @param config the settings below {@code caravan.invoice.object.}, unchanged; read-only
 * @param document all that the invoice says; null where the adapter is only asked
 */
public record InvoiceContext(
        String tenant,
        String name,
        String key,
        String number,
        Instant from,
        Instant to,
        String currency,
        Map<String, String> config,
        Document document) {
    public InvoiceContext {
        config = Map.copyOf(config);
    }

    static InvoiceContext of(Document document, Map<String, String> config) {
        String customer =
                document.customer() == null ? null : document.customer().name();
        return new InvoiceContext(
                document.account(),
                customer == null ? document.account() : customer,
                document.key(),
                document.number(),
                document.period().from(),
                document.period().to(),
                document.currency(),
                config,
                document);
    }
}
