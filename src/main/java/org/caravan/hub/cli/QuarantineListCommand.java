package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.sql.Connection;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.caravan.common.UserError;
import org.caravan.hub.QuarantineDesk;
import org.caravan.ledger.Quarantine;
import org.caravan.ledger.QuarantineEntry;
import org.caravan.ledger.QuarantineFilter;
import org.caravan.ledger.QuarantineTotals;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caravan quarantine list}: what is held, and how much of it. */
@Command(
        name = "list",
        description = {
            "List records that were not billed, oldest first, and what is held per month of use. AMOUNT is what the record"
                    + " costs, DIFFERENCE that less what is billed beside it, both as rated when it was set aside."
        })
final class QuarantineListCommand implements Callable<Integer> {
    private static final int MAX_LIMIT = 10_000;
    private static final int REASON_WIDTH = 100;

    /** The states of records, as an option names them. */
    enum State {
        held,
        retried,
        accepted,
        dropped,
        all
    }

    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Mixin
    private QuarantineFilterOptions filter = new QuarantineFilterOptions();

    @Option(
            names = "--state",
            paramLabel = "STATE",
            defaultValue = "held",
            description = "Of these: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private State state;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "Records shown at most, up to " + MAX_LIMIT + ". Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(
            names = "--after",
            paramLabel = "ID",
            defaultValue = "0",
            description = "Only records with a higher id: the next page.")
    private long after;

    QuarantineListCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new UserError("--limit " + limit + ": expected 1 to " + MAX_LIMIT);
        }
        QuarantineFilter wanted = filter.filter(state == State.all ? null : state.name());
        try (QuarantineDesk desk = QuarantineDesk.open(options.config(terminal), Clock.systemUTC())) {
            Quarantine quarantine = desk.quarantine();
            List<QuarantineEntry> found = quarantine.list(wanted, after, limit);
            Quarantine.Size matching = quarantine.size(wanted);
            List<QuarantineTotals.Total> totals;
            try (Connection connection = desk.dataSource().getConnection()) {
                totals = QuarantineTotals.byMonth(connection);
            }
            if (options.json()) {
                terminal.out().println(json(found, matching, quarantine.size(QuarantineFilter.held()), totals));
            } else {
                forPeople(found, matching, totals, terminal.out());
            }
        }
        terminal.out().flush();
        return 0;
    }

    private static ObjectNode json(
            List<QuarantineEntry> found,
            Quarantine.Size matching,
            Quarantine.Size held,
            List<QuarantineTotals.Total> totals) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("matching", matching.records());
        ArrayNode records = node.putArray("records");
        found.forEach(record -> records.add(QuarantineJson.record(record)));
        node.putObject("held")
                .put("records", held.records())
                .put("bytes", held.bytes())
                .put("oldest", held.oldest() == null ? null : held.oldest().toString());
        ArrayNode months = node.putArray("heldByMonth");
        totals.forEach(total -> months.add(QuarantineJson.total(total)));
        return node;
    }

    private static void forPeople(
            List<QuarantineEntry> found,
            Quarantine.Size matching,
            List<QuarantineTotals.Total> totals,
            PrintStream out) {
        if (matching.records() == 0) {
            out.println("No record matches.");
        } else {
            table(found).print(out);
            if (found.size() < matching.records()) {
                out.println(String.format(
                        Locale.ROOT,
                        "%,d of %,d shown%s",
                        found.size(),
                        matching.records(),
                        found.isEmpty()
                                ? ""
                                : "; the next with --after "
                                        + found.get(found.size() - 1).id()));
            }
        }
        if (!totals.isEmpty()) {
            out.println();
            TextTable table = new TextTable("HELD OF", "KIND", ">RECORDS", ">DIFFERENCE", ">WITHOUT ESTIMATE");
            totals.forEach(total -> table.row(
                    total.month() == null ? "unknown" : total.month(),
                    total.kind(),
                    String.format(Locale.ROOT, "%,d", total.records()),
                    total.amount() == null ? "unknown" : QuarantineJson.decimal(total.amount()),
                    String.format(Locale.ROOT, "%,d", total.unknown())));
            table.print(out);
        }
    }

    private static TextTable table(List<QuarantineEntry> found) {
        TextTable table =
                new TextTable(">ID", "MONTH", "TENANT", "KIND", "STATE", ">AMOUNT", ">DIFFERENCE", "WHERE", "REASON");
        List<QuarantineEntry> records = new ArrayList<>(found);
        for (QuarantineEntry record : records) {
            boolean known = record.amount() != null && record.billedAmount() != null;
            table.row(
                    record.id(),
                    record.usageMonth() == null ? "" : record.usageMonth(),
                    record.tenant() == null ? "" : record.tenant(),
                    record.kind(),
                    record.state(),
                    record.amount() == null ? "" : QuarantineJson.decimal(record.amount()),
                    known ? QuarantineJson.decimal(record.amount().subtract(record.billedAmount())) : "",
                    where(record),
                    shortened(record.note() == null ? record.reason() : record.note()));
        }
        return table;
    }

    private static String where(QuarantineEntry record) {
        String source = record.source() == null ? "" : record.source();
        return record.position() == null ? source : source + ":" + record.position();
    }

    private static String shortened(String text) {
        String line = Errors.oneLine(text);
        return line.length() <= REASON_WIDTH ? line : line.substring(0, REASON_WIDTH - 3) + "...";
    }
}
