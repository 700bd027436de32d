package org.caravan.invoice.erp.csv;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.caravan.common.UserError;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentJson;
import org.caravan.metering.CaravanHeaders;

/** The step of {@code csv-directory-sink}: commits the document in the body to a {@link CsvDirectory}. */
public final class CsvDirectorySink implements Processor {
    private final Map<String, String> settings = new HashMap<>();
    private CsvDirectory directory;

    public void setDirectory(String directory) {
        settings.put("directory", directory);
    }

    public void setFileName(String fileName) {
        settings.put("fileName", fileName);
    }

    public void setLayout(String layout) {
        settings.put("layout", layout);
    }

    public void setRowLayout(String rowLayout) {
        settings.put("rowLayout", rowLayout);
    }

    public void setHeader(String header) {
        settings.put("header", header);
    }

    public void setDelimiter(String delimiter) {
        settings.put("delimiter", delimiter);
    }

    public void setTypeOrder(String typeOrder) {
        settings.put("typeOrder", typeOrder);
    }

    /**
     * Takes the settings; called once, before the first exchange.
     *
     * @throws UserError naming a setting that is unfit
     */
    public void open() {
        directory = new CsvDirectory(settings);
    }

    /** Commits the document in the body (its JSON, or the document itself); the headers then say reference and total. */
    @Override
    public void process(Exchange exchange) throws IOException {
        Message message = exchange.getMessage();
        Document document = document(message);
        String key = message.getHeader(CaravanHeaders.INVOICE_KEY, String.class);
        if (key != null && !key.equals(document.key())) {
            throw new UserError("csv-directory: the body is document " + document.key() + ", the header "
                    + CaravanHeaders.INVOICE_KEY + " says " + key + "; nothing was written");
        }
        CsvDirectory.Committed committed = directory.commit(document);
        message.setHeader(CaravanHeaders.ERP_REFERENCE, committed.reference());
        message.setHeader(CaravanHeaders.ERP_TOTAL, committed.total().toPlainString());
    }

    private static Document document(Message message) {
        if (message.getBody() instanceof Document document) {
            return document;
        }
        byte[] json = message.getBody(byte[].class);
        if (json == null) {
            throw new UserError("csv-directory: the body is no document; send a document's JSON");
        }
        return DocumentJson.read(json);
    }
}
