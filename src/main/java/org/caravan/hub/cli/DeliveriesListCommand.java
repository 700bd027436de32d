package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.caravan.common.UserError;
import org.caravan.hub.OpenLedger;
import org.caravan.invoice.DeliveryList;
import org.caravan.invoice.DeliveryRow;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caravan deliveries list}: what has not arrived. */
@Command(
        name = "list",
        description = {
            "Show the documents that have not arrived at a connector, why, and what to do next; the oldest first. Also those"
                    + " that arrived with a wrong total.",
            "",
            "With --state others, too."
        })
final class DeliveriesListCommand implements Callable<Integer> {
    private static final int MAX_LIMIT = 100_000;

    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Mixin
    private DeliveryFilterOptions filter = new DeliveryFilterOptions();

    @Option(names = "--limit", paramLabel = "N", description = "Most deliveries shown; 100 unless said.")
    private int limit = 100;

    DeliveriesListCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new UserError("--limit " + limit + ": expected a number from 1 to " + MAX_LIMIT);
        }
        DeliveryList.Filter wanted = filter.filter(Set.of());
        DeliveryWords words = new DeliveryWords(options.config(terminal));
        DeliveryList.Page page;
        try (OpenLedger ledger = options.open(terminal)) {
            page = new DeliveryList(ledger.dataSource()).list(wanted, limit);
        }
        if (options.json()) {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            node.put("total", page.total());
            ObjectNode counts = node.putObject("states");
            page.counts().forEach(counts::put);
            ArrayNode list = node.putArray("deliveries");
            page.rows().forEach(row -> list.add(words.json(row)));
            terminal.out().println(node);
        } else {
            tell(page, words);
        }
        terminal.out().flush();
        return 0;
    }

    private void tell(DeliveryList.Page page, DeliveryWords words) {
        if (page.rows().isEmpty()) {
            terminal.out().println("Nothing: every document has arrived, or none matches.");
            return;
        }
        List<String[]> cells = new ArrayList<>();
        cells.add(new String[] {"ID", "NUMBER", "ACCOUNT", "CONNECTOR", "STATE", "ATTEMPT", "SINCE"});
        page.rows().forEach(row -> cells.add(cells(row)));
        List<String> lines = Columns.lines(cells);
        terminal.out().println(lines.get(0));
        for (int i = 0; i < page.rows().size(); i++) {
            DeliveryRow row = page.rows().get(i);
            terminal.out().println(lines.get(i + 1));
            if (row.lastError() != null) {
                terminal.out().println("     why:  " + words.said(row.lastError()));
            }
            terminal.out().println("     next: " + words.next(row));
        }
        if (page.total() > page.rows().size()) {
            terminal.out().println("... and " + (page.total() - page.rows().size()) + " more; --limit shows more");
        }
        List<String> counts = page.counts().entrySet().stream()
                .map(count -> count.getValue() + " " + count.getKey())
                .toList();
        terminal.out().println(String.join(", ", counts));
    }

    private static String[] cells(DeliveryRow row) {
        return new String[] {
            row.isFanOut() ? "-" : row.id().toString(),
            row.document().number(),
            Errors.oneLine(row.document().account()),
            row.isFanOut() ? "(fan-out)" : row.connector(),
            row.isAlarm() ? row.state() + "!" : row.state(),
            Integer.toString(row.attempt()),
            row.updatedAt().toString()
        };
    }
}
