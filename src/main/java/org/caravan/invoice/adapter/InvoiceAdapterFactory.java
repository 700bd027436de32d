package org.caravan.invoice.adapter;

/**
 * Makes adapters; for those that share something, or have no constructor that the hub could call. Found as a bean in Camel's
 * registry, by {@link java.util.ServiceLoader}, or by the name of its class.
 */
public interface InvoiceAdapterFactory {
    /** What {@code caravan.invoice.object} calls it. */
    String name();

    /** An adapter for one invoice. */
    InvoiceAdapter create(InvoiceContext context);
}
