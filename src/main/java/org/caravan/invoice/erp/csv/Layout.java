package org.caravan.invoice.erp.csv;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import org.caravan.invoice.document.Document;

/** One of the two forms that a document takes as CSV. */
interface Layout {
    /**
     * Writes the document.
     *
     * @return the total that a reader of the written figures comes to
     */
    BigDecimal write(Document document, Cells cells);

    /**
     * The total that a written file says.
     *
     * @throws IOException if it can't be read
     * @throws RuntimeException if it is no file of this layout
     */
    BigDecimal total(Path file, char delimiter) throws IOException;
}
