package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.caravan.common.UserError;
import org.caravan.hub.OpenLedger;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.connector.HubConnectors;
import org.caravan.invoice.Backfill;
import org.caravan.invoice.ConnectorInfo;
import org.caravan.invoice.Documents;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan deliveries backfill}: a connector gets what was issued before it was chosen. */
@Command(
        name = "backfill",
        description = {
            "Deliver documents that are issued already to a connector that they lack. Those that have it are left alone, so"
                    + " it may be repeated.",
            "",
            "Try it with --dry-run: a new connector to an ERP that has the invoices through another one doubles them."
        })
final class DeliveriesBackfillCommand implements Callable<Integer> {
    private static final int MAX_SHOWN = 20;

    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    @Parameters(index = "0", paramLabel = "CONNECTOR", description = "Name of the connector.")
    private String connector;

    @Option(names = "--month", paramLabel = "YYYY-MM", description = "Only documents of this month.")
    private String month;

    @Option(names = "--since", paramLabel = "TIME", description = "Only documents issued since this day or time (UTC).")
    private String since;

    @Option(names = "--number", paramLabel = "NUMBER", description = "Only this document; may be repeated.")
    private List<String> numbers = new ArrayList<>();

    @Option(names = "--all", description = "Every document there is.")
    private boolean all;

    @Option(names = "--dry-run", description = "Change nothing, say how many it would be.")
    private boolean dryRun;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept in the history.")
    private String reason;

    DeliveriesBackfillCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        boolean chosen = month != null || since != null || !numbers.isEmpty();
        if (chosen == all) {
            throw new UserError("which documents? say --month, --since or --number, or else --all");
        }
        Backfill.Filter filter = new Backfill.Filter(
                month == null ? null : Arguments.month(month), since == null ? null : time(since), Set.copyOf(numbers));
        HubConfig config = options.config(terminal);
        ConnectorInfo info = HubConnectors.files(config).find(connector);
        Backfill.Result result;
        try (OpenLedger ledger = options.open(terminal)) {
            Documents documents = new Documents(ledger.dataSource());
            for (String number : numbers) {
                if (documents.byNumber(number).isEmpty()) {
                    throw new UserError("document " + number + ": there is none");
                }
            }
            result = new Backfill(ledger.dataSource(), Clock.systemUTC(), DeliveryOrderRun.who())
                    .run(info, filter, dryRun, MAX_SHOWN, reason);
        }
        if (options.json()) {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            node.put("connector", connector);
            node.put("dryRun", dryRun);
            node.put("documents", result.documents());
            node.put("proforma", result.proforma());
            result.first().forEach(node.putArray("first")::add);
            terminal.out().println(node);
        } else {
            result.first().forEach(number -> terminal.out().println(number));
            if (result.documents() > result.first().size()) {
                terminal.out()
                        .println("... and "
                                + (result.documents() - result.first().size()) + " more");
            }
            terminal.out()
                    .println(result.documents() + (dryRun ? " documents lack" : " documents now go to") + " connector "
                            + connector
                            + (result.proforma() == 0
                                    ? ""
                                    : "; " + result.proforma() + " proforma left out, which it does not take"));
        }
        terminal.out().flush();
        return 0;
    }

    private static Instant time(String text) {
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text);
        } catch (DateTimeException e) {
            throw new UserError(
                    "--since '" + text + "': expected a day such as 2026-10-01 or a time such as 2026-10-01T12:00:00Z",
                    e);
        }
    }
}
