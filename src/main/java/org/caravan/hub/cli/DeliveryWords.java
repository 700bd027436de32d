package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.connector.HubConnectors;
import org.caravan.hub.management.Secrets;
import org.caravan.invoice.ConnectorFiles;
import org.caravan.invoice.ConnectorInfo.Repeat;
import org.caravan.invoice.DeliveryRow;
import org.caravan.invoice.NextStep;

/** A delivery as commands show it. */
final class DeliveryWords {
    private final ConnectorFiles connectors;
    private final Map<String, Repeat> repeats = new HashMap<>();
    private final Secrets secrets;

    DeliveryWords(HubConfig config) {
        secrets = new Secrets(config.secrets());
        connectors = HubConnectors.files(config);
    }

    String next(DeliveryRow row) {
        return NextStep.of(row, row.isFanOut() ? null : repeats.computeIfAbsent(row.connector(), this::repeat));
    }

    /** What an ERP or a connector said, without our secrets; null stays null. */
    String said(String text) {
        return text == null ? null : Errors.oneLine(secrets.mask(text));
    }

    private Repeat repeat(String connector) {
        try {
            return connectors.find(connector).repeat();
        } catch (UserError e) {
            return Repeat.NEVER;
        }
    }

    ObjectNode json(DeliveryRow row) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("delivery", row.id());
        node.put("number", row.document().number());
        node.put("key", row.document().key());
        node.put("account", row.document().account());
        node.put("month", row.document().month().toString());
        node.put("total", row.document().total().toPlainString());
        node.put("currency", row.document().currency());
        node.put("connector", row.connector());
        node.put("lane", row.lane());
        node.put("state", row.state());
        node.put("attempt", row.attempt());
        node.put("doubt", row.doubt());
        node.put("dueAt", text(row.dueAt()));
        node.put("owner", row.owner());
        node.put("leaseUntil", text(row.leaseUntil()));
        node.put("laneRestsUntil", text(row.pausedUntil()));
        node.put("reference", row.reference());
        node.put("erpTotal", text(row.erpTotal()));
        node.put("error", said(row.lastError()));
        node.put("committedAt", text(row.committedAt()));
        node.put("updatedAt", text(row.updatedAt()));
        node.put("next", next(row));
        return node;
    }

    private static String text(Instant time) {
        return time == null ? null : time.toString();
    }

    private static String text(BigDecimal number) {
        return number == null ? null : number.toPlainString();
    }
}
