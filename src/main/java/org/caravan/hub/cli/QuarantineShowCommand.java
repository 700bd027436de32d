package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.caravan.common.UserError;
import org.caravan.hub.QuarantineDesk;
import org.caravan.ledger.Beside;
import org.caravan.ledger.Outcome;
import org.caravan.ledger.QuarantineEntry;
import org.caravan.ledger.QuarantineRetry;
import org.caravan.metering.UsageJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code caravan quarantine show}: one record with its text, and what accepting it would bill. */
@Command(
        name = "show",
        description = {
            "Show one record: its text, the reason, and for a held conflict what is billed beside it and what accepting it"
                    + " would bill (with --tariff, or caravan.tariff set). Changes nothing."
        })
final class QuarantineShowCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Mixin
    private PricingOptions pricing = new PricingOptions();

    @Parameters(paramLabel = "ID", description = "Id as caravan quarantine list shows it.")
    private long id;

    QuarantineShowCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        try (QuarantineDesk desk =
                QuarantineDesk.open(pricing.into(options.builder(terminal)).build(), Clock.systemUTC())) {
            QuarantineEntry record = desk.quarantine()
                    .find(id)
                    .orElseThrow(() -> new UserError("quarantine " + id + ": there is no such record"));
            QuarantineRetry.Preview preview = preview(desk, record);
            if (options.json()) {
                terminal.out().println(json(record, preview));
            } else {
                forPeople(record, preview, desk.hasPrices(), terminal.out());
            }
        }
        terminal.out().flush();
        return 0;
    }

    private static QuarantineRetry.Preview preview(QuarantineDesk desk, QuarantineEntry record) throws SQLException {
        boolean open = record.state().equals("held") && record.kind().equals("conflict");
        return open && desk.hasPrices() ? desk.retry().preview(record.id()) : null;
    }

    private static ObjectNode json(QuarantineEntry record, QuarantineRetry.Preview preview) {
        ObjectNode node = QuarantineJson.record(record);
        node.put("format", record.format());
        node.put("context", record.context());
        node.put("raw", record.raw());
        node.put("complete", record.complete());
        node.put("effectBatch", record.effect());
        QuarantineJson.line(node, "billed", record.billed());
        if (preview != null) {
            ObjectNode accepting = node.putObject("accepting");
            accepting.put("outcome", preview.outcome().what().name().toLowerCase(Locale.ROOT));
            accepting.put("note", preview.outcome().note());
            accepting.put("amount", QuarantineJson.decimal(preview.amount()));
            accepting.put("difference", QuarantineJson.decimal(preview.difference()));
            ArrayNode beside = accepting.putArray("inThePlaceOf");
            for (Beside one : preview.beside()) {
                ObjectNode billed = beside.addObject();
                QuarantineJson.line(billed, "record", UsageJson.line(one.record()));
                billed.put("amount", QuarantineJson.decimal(one.amount()));
                billed.put("batch", one.batch());
            }
        }
        return node;
    }

    private static void forPeople(
            QuarantineEntry record, QuarantineRetry.Preview preview, boolean priced, PrintStream out) {
        field(out, "record", record.id() + ", " + record.kind() + ", " + record.state());
        field(out, "reason", record.reason());
        field(out, "note", record.note());
        field(out, "tenant", record.tenant());
        field(out, "month", record.usageMonth());
        field(out, "source", record.source());
        field(out, "position", record.key() == null ? record.position() : record.key() + ":" + record.position());
        field(out, "since", record.createdAt());
        field(out, "context", record.context());
        field(out, record.complete() ? "text" : "text (cut)", record.raw());
        if (preview == null) {
            field(out, "billed", record.billed());
            if (!priced && record.state().equals("held") && record.kind().equals("conflict")) {
                out.println("What accepting it would bill is shown with --tariff FILE.");
            }
            return;
        }
        for (Beside one : preview.beside()) {
            field(out, "billed", UsageJson.line(one.record()));
            field(out, "  at", QuarantineJson.decimal(one.amount()));
        }
        if (preview.outcome().what() != Outcome.What.BILLED) {
            field(out, "accepting", preview.outcome().note());
            return;
        }
        field(out, "costs", QuarantineJson.decimal(preview.amount()));
        field(out, "accepting", "bills a difference of " + QuarantineJson.decimal(preview.difference()));
    }

    private static void field(PrintStream out, String name, Object value) {
        if (value != null) {
            out.println(String.format(Locale.ROOT, "%-10s  %s", name, Errors.oneLine(value.toString())));
        }
    }
}
