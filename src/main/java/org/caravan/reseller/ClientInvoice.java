package org.caravan.reseller;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.caravan.invoice.document.Document;

/**
 * An invoice of a client: the document as it was issued, and what became of it since.
 *
 * @param id opaque
 * @param from first instant of its period: the month's, or that of the client's sign-up
 * @param until first instant of the next period
 * @param credited what credit notes took back of its total; null if there is none
 * @param projects those that used something, then those that did not, each by id
 */
public record ClientInvoice(
        String id,
        Client client,
        Document document,
        Instant from,
        Instant until,
        boolean processed,
        boolean paid,
        BigDecimal credited,
        List<BilledProject> projects) {
    public ClientInvoice {
        projects = List.copyOf(projects);
    }
}
