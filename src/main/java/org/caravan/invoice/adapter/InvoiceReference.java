package org.caravan.invoice.adapter;

import java.math.BigDecimal;
import java.util.Objects;

/**
 * What the ERP calls a committed invoice.
 *
 * @param id its reference; not blank
 * @param total what the ERP computed, compared with the document's; null if it tells none
 */
public record InvoiceReference(String id, BigDecimal total) {
    public InvoiceReference {
        Objects.requireNonNull(id, "id");
        if (id.isBlank()) {
            throw new IllegalArgumentException("a reference must not be blank");
        }
    }

    /** Of an ERP that tells no total. */
    public InvoiceReference(String id) {
        this(id, null);
    }
}
