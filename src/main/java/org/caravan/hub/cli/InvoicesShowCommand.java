package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.caravan.hub.OpenLedger;
import org.caravan.invoice.DocumentView;
import org.caravan.invoice.IssuedDocument;
import org.caravan.invoice.document.Document;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code caravan invoices show}: one document with its lines. */
@Command(
        name = "show",
        description =
                "Show an invoice or a credit note: its lines with their numbers, what was credited, where it went.")
final class InvoicesShowCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Parameters(paramLabel = "NUMBER", description = "Number or key of the document, such as INV-2026-000001.")
    private String number;

    InvoicesShowCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        DocumentView view;
        try (OpenLedger ledger = options.open(terminal)) {
            view = DocumentView.of(ledger.dataSource(), number.strip());
        }
        TreeMap<Integer, String> creditedBy = new TreeMap<>();
        view.credited().byLine().forEach((line, note) -> creditedBy.put(line, note.number()));
        if (options.json()) {
            terminal.out().println(json(view, creditedBy));
        } else {
            print(view, creditedBy, terminal.out());
        }
        terminal.out().flush();
        return 0;
    }

    private static ObjectNode json(DocumentView view, TreeMap<Integer, String> creditedBy) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        InvoicesCommand.head(view.head(), view.document().correctsNumber(), node);
        node.put("reason", view.document().reason());
        InvoicesText.json(view.document(), null, creditedBy, node);
        ArrayNode credits = node.putArray("credits");
        for (Document note : view.credited().notes()) {
            credits.addObject()
                    .put("number", note.number())
                    .put("issued", note.issued().toString())
                    .put("total", note.total().toPlainString())
                    .put("reason", note.reason());
        }
        ArrayNode stops = node.putArray("deliveries");
        for (DocumentView.Stop stop : view.stops()) {
            stops.addObject()
                    .put("connector", stop.connector())
                    .put("state", stop.state())
                    .put("attempts", stop.attempts())
                    .put("reference", stop.reference())
                    .put("reason", stop.reason());
        }
        return node;
    }

    private static void print(DocumentView view, TreeMap<Integer, String> creditedBy, PrintStream out) {
        IssuedDocument head = view.head();
        Document document = view.document();
        String kind = head.isInvoice() ? "invoice" : "credit note for invoice " + document.correctsNumber();
        out.println(head.number() + ": " + (head.proforma() ? "proforma " : "") + kind + " of "
                + Errors.oneLine(head.account()) + " for " + head.month() + ", issued " + head.issuedAt());
        out.println("key: " + head.key());
        if (document.reason() != null) {
            out.println("reason: " + Errors.oneLine(document.reason()));
        }
        out.println();
        InvoicesText.print(document, null, creditedBy, out);
        if (!view.credited().notes().isEmpty()) {
            out.println();
            InvoicesTable credits = new InvoicesTable("CREDIT NOTE", "ISSUED", ">TOTAL", "REASON");
            view.credited()
                    .notes()
                    .forEach(note -> credits.row(
                            note.number(),
                            note.issued().toString(),
                            note.total().toPlainString(),
                            note.reason()));
            credits.print(out);
        }
        out.println();
        InvoicesTable stops = new InvoicesTable("CONNECTOR", "STATE", ">ATTEMPTS", "REFERENCE", "REASON");
        view.stops()
                .forEach(stop -> stops.row(
                        stop.connector() == null ? "(fan-out)" : stop.connector(),
                        stop.state(),
                        Integer.toString(stop.attempts()),
                        stop.reference(),
                        stop.reason()));
        stops.print(out);
    }
}
