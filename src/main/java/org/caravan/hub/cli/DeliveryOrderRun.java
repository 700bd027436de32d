package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.caravan.hub.OpenLedger;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.connector.HubConnectors;
import org.caravan.invoice.ConnectorFiles;
import org.caravan.invoice.DeliveryOrders;
import org.caravan.invoice.DeliveryOrders.Outcome;
import org.caravan.invoice.DeliveryOrders.Result;
import org.caravan.invoice.DeliveryRow;
import org.caravan.invoice.DeliverySettings;
import org.caravan.invoice.Leases;

/** Gives an order to each of several rows and tells what became of it. */
final class DeliveryOrderRun {
    /** Most rows of one run that are told one by one; all are counted. */
    private static final int MAX_TOLD = 1_000;

    private final Terminal terminal;
    private final boolean json;
    private final List<Result> results = new ArrayList<>();

    DeliveryOrderRun(Terminal terminal, boolean json) {
        this.terminal = terminal;
        this.json = json;
    }

    /** Who gives orders, as the operating system knows them. */
    static String who() {
        return System.getProperty("user.name", "unknown");
    }

    /** The orders in a ledger; first, what a hub that was killed still holds there is let go. */
    static DeliveryOrders orders(OpenLedger ledger, HubConfig config) throws SQLException {
        if (ledger.isOursAlone()) {
            Leases.lapseAll(ledger.dataSource());
        }
        ConnectorFiles connectors = HubConnectors.files(config);
        return new DeliveryOrders(
                ledger.dataSource(), DeliverySettings.defaults(), Clock.systemUTC(), connectors::find, who());
    }

    /** An order to one row. */
    interface Order {
        Result give(DeliveryRow row) throws SQLException;
    }

    /** In turn; one that is refused does not hold up the next. */
    DeliveryOrderRun give(List<DeliveryRow> rows, Order order) throws SQLException {
        for (DeliveryRow row : rows) {
            results.add(order.give(row));
        }
        return this;
    }

    /**
     * Tells what became of it.
     *
     * @param named true if a person named each one, so that a refusal is their error
     * @return the exit code
     */
    int tell(boolean named) {
        if (json) {
            tellJson();
        } else {
            tellPeople(named);
        }
        terminal.out().flush();
        boolean refused = count(Outcome.REFUSED) > 0;
        boolean alarm = results.stream().anyMatch(result -> result.alarm() != null);
        return named && refused ? Errors.WRONG_INPUT : alarm ? Errors.FAILED : 0;
    }

    private long count(Outcome outcome) {
        return results.stream().filter(result -> result.outcome() == outcome).count();
    }

    private void tellPeople(boolean named) {
        for (Result result : results.subList(0, Math.min(results.size(), MAX_TOLD))) {
            DeliveryRow row = result.row();
            String line = row.name() + (row.isFanOut() ? "" : " (" + row.id() + ")") + " " + result.message();
            if (result.outcome() != Outcome.REFUSED) {
                terminal.out().println(line);
            } else if (named) {
                terminal.err().println("caravan: " + Errors.oneLine(line));
            } else {
                terminal.out().println("left alone: " + line);
            }
            if (result.alarm() != null) {
                terminal.err().println("caravan: " + Errors.oneLine(result.alarm()));
            }
        }
        if (results.size() != 1) {
            terminal.out()
                    .println(count(Outcome.DONE) + " changed, " + count(Outcome.UNCHANGED) + " unchanged, "
                            + count(Outcome.REFUSED) + " refused");
        }
    }

    private void tellJson() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("changed", count(Outcome.DONE));
        node.put("unchanged", count(Outcome.UNCHANGED));
        node.put("refused", count(Outcome.REFUSED));
        var list = node.putArray("results");
        for (Result result : results.subList(0, Math.min(results.size(), MAX_TOLD))) {
            DeliveryRow row = result.row();
            ObjectNode one = list.addObject();
            one.put("number", row.document().number());
            one.put("connector", row.connector());
            one.put("delivery", row.id());
            one.put("before", row.state());
            one.put("state", result.state());
            one.put("outcome", result.outcome().name().toLowerCase(Locale.ROOT));
            one.put("message", result.message());
            one.put("alarm", result.alarm());
        }
        terminal.out().println(node);
    }
}
