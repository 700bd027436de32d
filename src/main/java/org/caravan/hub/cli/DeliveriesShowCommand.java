package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.caravan.hub.OpenLedger;
import org.caravan.invoice.DeliveryList;
import org.caravan.invoice.DeliveryRow;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan deliveries show}: the whole story. */
@Command(
        name = "show",
        description =
                "Show all that happened to documents on their way: each attempt, each order of a person, and what to"
                        + " do next.")
final class DeliveriesShowCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Parameters(arity = "1..*", paramLabel = "DELIVERY", description = "Numbers of documents, or ids of deliveries.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--connector", paramLabel = "NAME", description = "Only the delivery to this connector.")
    private String connector;

    DeliveriesShowCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        DeliveryWords words = new DeliveryWords(options.config(terminal));
        List<DeliveryList.Story> stories;
        try (OpenLedger ledger = options.open(terminal)) {
            DeliveryList list = new DeliveryList(ledger.dataSource());
            DeliveryTargets targets = new DeliveryTargets(list, connector);
            List<DeliveryRow> rows = new ArrayList<>();
            for (String name : names) {
                rows.addAll(targets.all(name));
            }
            stories = list.stories(rows);
        }
        if (options.json()) {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            ArrayNode list = node.putArray("deliveries");
            stories.forEach(story -> list.add(json(story, words)));
            terminal.out().println(node);
        } else {
            stories.forEach(story -> tell(story, words));
        }
        terminal.out().flush();
        return 0;
    }

    private static ObjectNode json(DeliveryList.Story story, DeliveryWords words) {
        ObjectNode node = words.json(story.row());
        ArrayNode events = node.putArray("events");
        for (DeliveryList.Event event : story.events()) {
            ObjectNode one = events.addObject();
            one.put("at", event.at().toString());
            one.put("attempt", event.attempt());
            one.put("who", event.who());
            one.put("what", event.what());
            one.put("detail", words.said(event.detail()));
        }
        return node;
    }

    private void tell(DeliveryList.Story story, DeliveryWords words) {
        DeliveryRow row = story.row();
        terminal.out()
                .println(Errors.oneLine(row.name() + (row.isFanOut() ? "" : " (" + row.id() + ")") + ": " + row.state()
                        + (row.reference() == null ? "" : " as " + row.reference()) + ", account "
                        + row.document().account() + ", "
                        + row.document().total().toPlainString() + " "
                        + row.document().currency()));
        for (DeliveryList.Event event : story.events()) {
            String attempt = event.what().equals("attempt") ? "attempt " + event.attempt() + " begins" : event.what();
            terminal.out()
                    .println("     "
                            + Errors.oneLine(event.at() + "  " + attempt + " (" + event.who() + ")"
                                    + (event.detail() == null ? "" : ": " + words.said(event.detail()))));
        }
        if (row.lastError() != null) {
            terminal.out().println("     why:  " + words.said(row.lastError()));
        }
        terminal.out().println("     next: " + words.next(row));
    }
}
