package org.caravan.invoice.erp.csv;

import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import org.caravan.invoice.FoundDocument;
import org.caravan.invoice.IssuedElsewhere;

/** Tells which invoices a directory was given: what {@code csv-directory-sink} names in {@code caravan/list}. */
public final class CsvDirectoryListing implements IssuedElsewhere {
    @Override
    public void list(Map<String, String> settings, String issuer, Consumer<FoundDocument> to) throws IOException {
        new CsvDirectory(settings).list(issuer, to);
    }
}
