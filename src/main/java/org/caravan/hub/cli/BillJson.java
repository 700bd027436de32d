package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.caravan.common.Decimals;
import org.caravan.hub.BillSummary;
import org.caravan.ledger.RecordCounts;

/** The summary of a bill as one JSON object; decimals are strings. */
final class BillJson {
    private BillJson() {}

    static String of(BillSummary summary) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("month", summary.month().toString());
        root.put("currency", summary.currency());
        ArrayNode invoices = root.putArray("invoices");
        for (BillSummary.Invoice invoice : summary.invoices()) {
            ObjectNode node = invoices.addObject();
            node.put("key", invoice.key());
            node.put("number", invoice.number());
            node.put("tenant", invoice.tenant());
            node.put("total", invoice.total().toPlainString());
            node.put("exact", Decimals.plain(invoice.exact()));
            node.put("lines", invoice.lines());
            if (!invoice.currency().equals(summary.currency())) {
                // An amount must not be taken for one in the currency above.
                node.put("currency", invoice.currency());
            }
        }
        RecordCounts records = summary.records();
        root.putObject("records")
                .put("read", records.read())
                .put("accepted", records.accepted())
                .put("duplicate", records.duplicate())
                .put("conflict", records.conflict())
                .put("quarantined", records.quarantined())
                .put("unpriced", records.unpriced())
                .put("otherMonths", records.otherMonths());
        ArrayNode quarantine = root.putArray("quarantine");
        for (BillSummary.Quarantined record : summary.quarantine()) {
            quarantine
                    .addObject()
                    .put("source", record.source())
                    .put("position", record.position())
                    .put("reason", record.reason());
        }
        return root.toString();
    }
}
