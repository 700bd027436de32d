package org.caravan.hub.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import org.caravan.common.Decimals;
import org.caravan.common.Json;
import org.caravan.ledger.QuarantineEntry;
import org.caravan.ledger.QuarantineTotals;

/** Quarantine as JSON; decimals as texts, so that they stay exact. */
final class QuarantineJson {
    private QuarantineJson() {}

    /** A record, without its texts. */
    static ObjectNode record(QuarantineEntry record) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("id", record.id());
        node.put("kind", record.kind());
        node.put("state", record.state());
        node.put(
                "month",
                record.usageMonth() == null ? null : record.usageMonth().toString());
        node.put("tenant", record.tenant());
        node.put("source", record.source());
        node.put("key", record.key());
        node.put("position", record.position());
        node.put("reason", record.reason());
        node.put("note", record.note());
        node.put("amount", decimal(record.amount()));
        node.put("billedAmount", decimal(record.billedAmount()));
        node.put("createdAt", record.createdAt().toString());
        node.put("updatedAt", record.updatedAt().toString());
        return node;
    }

    static ObjectNode total(QuarantineTotals.Total total) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("month", total.month() == null ? null : total.month().toString())
                .put("kind", total.kind())
                .put("records", total.records())
                .put("estimate", decimal(total.amount()))
                .put("withoutEstimate", total.unknown());
    }

    /** A caravan-jsonl line as an object, or as a text where it was cut. */
    static void line(ObjectNode into, String name, String line) {
        try {
            into.set(name, line == null ? null : Json.mapper().readTree(line));
        } catch (JsonProcessingException cut) {
            into.put(name, line);
        }
    }

    static String decimal(BigDecimal value) {
        return value == null ? null : Decimals.plain(value);
    }
}
