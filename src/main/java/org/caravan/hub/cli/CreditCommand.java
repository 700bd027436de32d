package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.time.Clock;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.caravan.hub.Crediting;
import org.caravan.hub.OpenLedger;
import org.caravan.hub.config.HubConfig;
import org.caravan.invoice.Credit;
import org.caravan.invoice.CreditOrder;
import org.caravan.invoice.Credits;
import org.caravan.invoice.document.CreditNote;
import org.caravan.invoice.document.Document;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan credit}: takes an invoice back, or lines of it. */
@Command(
        name = "credit",
        description = {
            "Issue a credit note that takes an invoice back, or lines of it. It goes to the connectors that got the invoice,"
                    + " after it. Usage stays billed: it is not billed again.",
            "",
            "A line is credited once: the command repeated after a lost answer names the note that did it (exit code 2)."
                    + " caravan invoices show NUMBER lists lines and their numbers."
        })
final class CreditCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Parameters(paramLabel = "NUMBER", description = "The invoice, such as INV-2026-000001.")
    private String number;

    @Option(
            names = "--lines",
            paramLabel = "LIST",
            description = "Only these lines, such as 1,3-5. Left out: all that are not credited yet.")
    private String lines;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            required = true,
            description = "Why; the customer and the auditor read it.")
    private String reason;

    @Option(names = "--dry-run", description = "Show what would be issued, and issue nothing.")
    private boolean dryRun;

    CreditCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        CreditOrder order =
                new CreditOrder(number.strip(), lines == null ? null : CreditLineNumbers.parse(lines), reason);
        HubConfig config = options.config(terminal);
        Credit credit;
        try (OpenLedger ledger = options.open(terminal)) {
            Credits credits = Crediting.of(config, ledger.dataSource(), Clock.systemUTC());
            credit = dryRun ? credits.preview(order) : credits.credit(order);
        }
        if (options.json()) {
            terminal.out().println(json(credit));
        } else {
            print(credit, terminal.out());
        }
        terminal.out().flush();
        return 0;
    }

    private static ObjectNode json(Credit credit) {
        Document document = credit.document();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("issued", credit.note() != null);
        node.put("number", credit.note() == null ? null : credit.note().number());
        node.put("key", credit.note() == null ? null : credit.note().key());
        node.put("corrects", document.correctsNumber());
        node.put("account", document.account());
        node.put("month", document.month().toString());
        node.put("reason", document.reason());
        ArrayNode numbers = node.putArray("credited");
        credit.lines().forEach(numbers::add);
        InvoicesText.json(document, credit.lines(), new TreeMap<>(), node);
        return node;
    }

    private static void print(Credit credit, PrintStream out) {
        Document document = credit.document();
        InvoicesText.print(document, credit.lines(), new TreeMap<>(), out);
        out.println();
        out.println((credit.note() == null ? "Would credit" : credit.note().number() + " credits")
                + (credit.lines().size() == 1 ? " line " : " lines ")
                + CreditNote.ranges(credit.lines()) + " of " + document.correctsNumber() + " of "
                + Errors.oneLine(document.account()) + ": " + document.total().toPlainString() + " "
                + document.currency() + ".");
        out.println(
                credit.note() == null
                        ? "Nothing was issued."
                        : "A hub that runs delivers it; without one, the next caravan run or caravan bill "
                                + document.month() + ".");
    }
}
