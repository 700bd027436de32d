package org.caravan.invoice.adapter;

import java.math.BigDecimal;

/**
 * One invoice on its way into an ERP. Made for each invoice, by a public constructor that takes an {@link InvoiceContext} or
 * by an {@link InvoiceAdapterFactory}; used by one thread. Sections and lines come in the order of the document, then commit
 * is called once.
 *
 * <p>An adapter whose ERP can be asked implements {@link InvoiceLookup}, too: then the hub ends a doubt by asking.
 */
public interface InvoiceAdapter extends AutoCloseable {
    /** Opens a section, one per datacenter; a name that was there before selects the old one. */
    void addSection(String name);

    /** Adds a line to its datacenter's section. */
    void addLine(InvoiceLine line);

    /**
     * The price of one unit.
     *
     * @throws org.caravan.common.UserError if there is no such product, or no price for it in that datacenter
     */
    BigDecimal cost(String datacenter, String name);

    /**
     * Saves the invoice. A second call answers the same reference; one that fails leaves nothing in the ERP, or throws
     * something else than {@code NotSentException} and {@code RefusedException}.
     *
     * @return the ERP's reference; never null
     */
    InvoiceReference commit();

    /** Gives back what it holds; called also after a failure. */
    @Override
    void close();
}
