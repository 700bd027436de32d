package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.time.YearMonth;
import java.util.concurrent.Callable;
import org.caravan.common.UserError;
import org.caravan.hub.OpenLedger;
import org.caravan.invoice.DocumentList;
import org.caravan.invoice.IssuedDocument;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan invoices}: what was issued. */
@Command(
        name = "invoices",
        description = {
            "List invoices and credit notes in the order they were issued, with what was credited and how far each has come.",
            "",
            "caravan invoices show NUMBER shows one with its lines."
        })
final class InvoicesCommand implements Callable<Integer> {
    private static final int MAX_LIMIT = 1_000_000;

    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Parameters(arity = "0..1", paramLabel = "MONTH", description = "Only of this billing month, such as 2026-10.")
    private String month;

    @Option(names = "--account", paramLabel = "ACCOUNT", description = "Only of this account.")
    private String account;

    @Option(names = "--limit", paramLabel = "N", description = "Most documents shown, the newest; 1000 unless said.")
    private int limit = 1_000;

    private InvoicesCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** With its own command below it. */
    static CommandLine with(Terminal terminal) {
        return new CommandLine(new InvoicesCommand(terminal)).addSubcommand(new InvoicesShowCommand(terminal));
    }

    @Override
    public Integer call() throws Exception {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new UserError("--limit " + limit + ": expected a number from 1 to " + MAX_LIMIT);
        }
        YearMonth wanted = month == null ? null : Arguments.month(month);
        DocumentList.Page page;
        try (OpenLedger ledger = options.open(terminal)) {
            page = new DocumentList(ledger.dataSource()).newest(wanted, account, limit);
        }
        if (options.json()) {
            terminal.out().println(json(page));
        } else {
            print(page, terminal.out());
        }
        terminal.out().flush();
        return 0;
    }

    private static ObjectNode json(DocumentList.Page page) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ArrayNode list = node.putArray("documents");
        for (DocumentList.Row row : page.rows()) {
            ObjectNode one = list.addObject();
            head(row.document(), row.corrects(), one);
            one.put("credited", row.credited().toPlainString());
            one.put("deliveries", row.way());
        }
        node.put("more", page.more());
        return node;
    }

    /** What identifies a document. */
    static void head(IssuedDocument document, String corrects, ObjectNode node) {
        node.put("number", document.number());
        node.put("kind", document.kind());
        node.put("corrects", corrects);
        node.put("key", document.key());
        node.put("account", document.account());
        node.put("month", document.month().toString());
        node.put("issued", document.issuedAt().toString());
        node.put("proforma", document.proforma());
        node.put("lineCount", document.lines());
        node.put("total", document.total().toPlainString());
        node.put("currency", document.currency());
    }

    private static void print(DocumentList.Page page, PrintStream out) {
        if (page.rows().isEmpty()) {
            out.println("No documents.");
            return;
        }
        if (page.more()) {
            out.println("... and older ones; --limit shows more");
        }
        InvoicesTable table = new InvoicesTable(
                "NUMBER", "MONTH", "ACCOUNT", ">LINES", ">TOTAL", "CURRENCY", ">CREDITED", "CORRECTS", "DELIVERIES");
        for (DocumentList.Row row : page.rows()) {
            IssuedDocument document = row.document();
            table.row(
                    document.number(),
                    document.month().toString(),
                    document.account(),
                    Integer.toString(document.lines()),
                    document.total().toPlainString(),
                    document.currency(),
                    row.credited().signum() == 0 ? null : row.credited().toPlainString(),
                    row.corrects(),
                    row.way());
        }
        table.print(out);
    }
}
