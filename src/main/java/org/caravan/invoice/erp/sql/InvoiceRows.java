package org.caravan.invoice.erp.sql;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.caravan.common.UserError;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.Document.Line;
import org.caravan.invoice.document.Document.Section;
import org.caravan.invoice.document.DocumentJson;
import org.caravan.invoice.document.DocumentKey;

/**
 * Turns the document in the body into rows for camel-sql: the exchange variable {@code invoice} becomes a map by column, the
 * variable {@code lines} a list of such maps. Decimals are BigDecimal, times {@link Timestamp}.
 */
public final class InvoiceRows implements Processor {
    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        String json = message.getBody(String.class);
        if (json == null || json.isBlank()) {
            throw new UserError("sql: the body is no document; send a document's JSON");
        }
        Document document = DocumentJson.read(json.getBytes(StandardCharsets.UTF_8));
        exchange.setVariable("invoice", invoice(document, json));
        exchange.setVariable("lines", lines(document));
    }

    private static Map<String, Object> invoice(Document document, String json) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("invoice_key", document.key());
        row.put("number", document.number());
        row.put("kind", document.kind().code());
        row.put("corrects", document.corrects());
        row.put("account", document.account());
        row.put(
                "customer",
                document.customer() == null ? null : document.customer().name());
        row.put("month", document.month().toString());
        row.put("period_from", Timestamp.from(document.period().from()));
        row.put("period_to", Timestamp.from(document.period().to()));
        row.put("currency", document.currency());
        row.put("subtotal", document.subtotal());
        row.put("discount", document.discount().amount());
        row.put("tax", document.taxes().stream().map(Document.Tax::amount).reduce(BigDecimal.ZERO, BigDecimal::add));
        row.put("total", document.total());
        row.put("lines", document.lines());
        row.put("digest", DocumentKey.sha256(json));
        row.put("document", json);
        return row;
    }

    private static List<Map<String, Object>> lines(Document document) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Section section : document.sections()) {
            for (Line line : section.lines()) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("invoice_key", document.key());
                row.put("line", rows.size() + 1);
                row.put("datacenter", section.name());
                row.put("product", line.product());
                row.put("label", line.label());
                row.put("kind", line.kind().name().toLowerCase(java.util.Locale.ROOT));
                row.put("unit", line.unit());
                row.put("quantity", line.quantity());
                row.put("unit_price", line.unitPrice());
                row.put("amount", line.amount());
                row.put("exact", line.exact());
                rows.add(row);
            }
        }
        return rows;
    }
}
