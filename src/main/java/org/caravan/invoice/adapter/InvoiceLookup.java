package org.caravan.invoice.adapter;

import java.util.Optional;

/** What an adapter implements beside {@link InvoiceAdapter} if its ERP can be asked; then no person need end a doubt. */
public interface InvoiceLookup {
    /**
     * The invoice of a key.
     *
     * @return empty only if the ERP certainly does not have it: then it is sent again; throw where it can't be told
     */
    Optional<InvoiceReference> find(String invoiceKey);
}
