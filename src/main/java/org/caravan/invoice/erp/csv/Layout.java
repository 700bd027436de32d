package org.caravan.invoice.erp.csv;

import java.math.BigDecimal;
import org.caravan.invoice.document.Document;

/** One of the two forms that a document takes as CSV. */
interface Layout {
    /**
     * Writes the document.
     *
     * @return the total that a reader of the written figures comes to
     */
    BigDecimal write(Document document, Cells cells);
}
