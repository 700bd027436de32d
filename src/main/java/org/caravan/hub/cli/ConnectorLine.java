package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.caravan.hub.connector.ConnectorOrders;
import org.caravan.invoice.ConnectorFiles;
import org.caravan.invoice.ConnectorFiles.Property;
import org.caravan.invoice.ConnectorInfo;
import org.caravan.invoice.ConnectorName;
import org.caravan.invoice.DeliveryState;
import org.caravan.invoice.InvoiceStatus;
import org.caravan.invoice.document.DocumentKey;

/**
 * A connector as {@code connector list} shows it.
 *
 * @param missing what it needs that is not on the class path
 * @param applied what became of the newest order to apply it; null if there was none
 * @param backlog null if it never got a document, or no ledger is named
 * @param restsUntil null if no lane of it rests
 */
record ConnectorLine(
        ConnectorFiles.Found found,
        List<String> missing,
        ConnectorOrders.Applied applied,
        InvoiceStatus.Connector backlog,
        Instant restsUntil,
        DeliveryWords words) {
    private static final String MASK = "***";

    /** False where something can't be delivered. One that is gone, and has nothing left to do, is no fault. */
    boolean usable() {
        return found.error() == null && missing.isEmpty()
                || !Files.exists(found.file()) && (backlog == null || backlog.backlog() == 0);
    }

    private static String promise(ConnectorInfo.Repeat repeat) {
        return switch (repeat) {
            case SAFE -> "exactly once: the same invoice twice is one, so it is sent again after a lost answer";
            case LOOKUP ->
                "exactly once: after a lost answer the ERP is asked, and it is sent again only after a certain no";
            case NEVER -> "at most once: after a lost answer a person decides";
        };
    }

    void print(PrintStream out) {
        out.println(found.name() + (found.title().isEmpty() ? "" : ": " + found.title()));
        if (found.error() != null) {
            line(out, "problem", Errors.oneLine(found.error()));
        }
        line(out, "file", found.file().toString());
        if (found.info() != null) {
            line(out, "state", state());
            line(out, "promise", promise(found.info().repeat()));
            line(out, "takes", found.info().proforma() ? "invoices and proformas" : "invoices only");
            line(out, "at a time", "one document");
            String lane = found.info().laneTemplate();
            line(out, "lanes", lane.isEmpty() ? "one" : "one for each " + lane);
            line(out, "needs", needs());
            line(out, "is told", told());
        }
        if (backlog != null) {
            line(out, "deliveries", states());
            if (backlog.oldestOpen() != null) {
                line(out, "oldest", "issued " + backlog.oldestOpen() + ", not committed");
            }
            if (restsUntil != null) {
                line(out, "rests until", restsUntil + ", as attempts failed one after the other");
            }
            if (backlog.lastError() != null) {
                line(out, "last error", backlog.lastErrorAt() + " " + words.said(backlog.lastError()));
            }
            line(out, "last commit", backlog.lastCommit() == null ? "none" : text(backlog.lastCommit()));
        }
    }

    private static void line(PrintStream out, String name, String value) {
        out.printf("     %-12s %s%n", name, value);
    }

    private String state() {
        if (!missing.isEmpty()) {
            return "can't be used: " + String.join(", ", missing)
                    + " is not there; put the jar into lib/, then start the" + " hub again";
        }
        if (found.properties().stream().anyMatch(Property::isMissing)) {
            return "not told what it needs";
        }
        if (applied == null) {
            return "ready";
        }
        if (!applied.order().digest().equals(digest())) {
            return "changed since it was applied " + applied.at() + "; caravan connector apply " + found.name();
        }
        List<String> hubs = applied.answers().stream()
                .map(answer -> (answer.live() ? "live in hub " : "refused by hub ")
                        + answer.hub()
                        + (answer.message() == null ? "" : " (" + Errors.oneLine(answer.message()) + ")"))
                .toList();
        return "applied " + applied.at() + " by " + applied.who()
                + (hubs.isEmpty() ? ", no hub has answered" : ": " + String.join(", ", hubs));
    }

    private String digest() {
        try {
            return DocumentKey.sha256(Files.readString(found.file()));
        } catch (IOException e) {
            return "";
        }
    }

    private String needs() {
        List<String> needs = found.properties().stream()
                .filter(Property::required)
                .map(property -> property.name()
                        + (property.isMissing()
                                ? " (NOT SET: " + ConnectorName.of(found.name()).prefix() + property.name() + ")"
                                : " (set)"))
                .toList();
        return needs.isEmpty() ? "nothing" : String.join(", ", needs);
    }

    private String told() {
        List<String> told = found.properties().stream()
                .filter(Property::said)
                .map(property -> property.name() + "=" + shown(property))
                .toList();
        return told.isEmpty() ? "nothing beside its defaults" : String.join(", ", told);
    }

    private String shown(Property property) {
        return property.value() == null ? null : property.secret() ? MASK : words.said(property.value());
    }

    private String states() {
        List<String> states = new ArrayList<>();
        for (DeliveryState state : DeliveryState.values()) {
            if (backlog.count(state) > 0) {
                states.add(backlog.count(state) + " " + state.code());
            }
        }
        return String.join(", ", states)
                + (backlog.alarms() == 0 ? "" : " (" + backlog.alarms() + " with another total than the document's)");
    }

    ObjectNode json() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("name", found.name());
        node.put("title", found.title());
        node.put("file", found.file().toString());
        node.put("problem", found.error());
        if (found.info() != null) {
            node.put("state", state());
            missing.forEach(node.putArray("missing")::add);
            node.put("repeat", found.info().repeat().name().toLowerCase(Locale.ROOT));
            node.put("promise", promise(found.info().repeat()));
            node.put("proforma", found.info().proforma());
            node.put("batch", 1);
            node.put("lane", found.info().laneTemplate());
            ArrayNode properties = node.putArray("properties");
            for (Property property : found.properties()) {
                properties
                        .addObject()
                        .put("name", property.name())
                        .put("required", property.required())
                        .put("secret", property.secret())
                        .put("said", property.said())
                        .put("value", shown(property));
            }
        }
        if (backlog != null) {
            ObjectNode states = node.putObject("deliveries");
            for (DeliveryState state : DeliveryState.values()) {
                states.put(state.code(), backlog.count(state));
            }
            node.put("alarms", backlog.alarms());
            node.put("oldest", text(backlog.oldestOpen()));
            node.put("restsUntil", text(restsUntil));
            node.put("lastError", words.said(backlog.lastError()));
            node.put("lastErrorAt", text(backlog.lastErrorAt()));
            node.put("lastCommit", text(backlog.lastCommit()));
        }
        return node;
    }

    private static String text(Instant time) {
        return time == null ? null : time.toString();
    }
}
