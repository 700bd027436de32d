package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.caravan.hub.OpenLedger;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.management.Finding;
import org.caravan.hub.management.Findings;
import org.caravan.hub.management.Limits;
import org.caravan.hub.management.LocalFindings;
import org.caravan.hub.management.Looks;
import org.caravan.hub.management.Overview;
import org.caravan.hub.management.Secrets;
import org.caravan.hub.management.Surroundings;
import org.caravan.invoice.DeliveryState;
import org.caravan.invoice.InvoiceStatus;
import org.caravan.invoice.rerate.RerateStatus;
import org.caravan.ledger.BatchTotals;
import org.caravan.ledger.LedgerStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code caravan status}: is all well, and if not, what is to be done. */
@Command(
        name = "status",
        description = {
            "Say how the ledger stands and what needs a person, each with its remedy. Changes nothing.",
            "",
            "Exit code 1 if anything needs attention."
        })
final class StatusCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private LedgerOptions options = new LedgerOptions();

    StatusCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        HubConfig config = options.config(terminal);
        Overview overview;
        List<String> others;
        try (OpenLedger ledger = OpenLedger.open(config)) {
            others = ledger.others();
            overview = Overview.take(
                    ledger.dataSource(), new Looks(), Clock.systemUTC(), new Secrets(config.secrets())::mask);
        }
        Limits limits = Limits.of(config);
        List<Finding> findings = new ArrayList<>(
                LocalFindings.of(new Surroundings(config, new Secrets(config.secrets())::mask).look(), limits));
        findings.addAll(Findings.of(overview, limits, overview.at()));
        if (options.json()) {
            terminal.out().println(json(overview, others, findings));
        } else {
            StatusTable.print(overview, others, findings, terminal.out());
        }
        terminal.out().flush();
        return findings.isEmpty() ? 0 : Errors.FAILED;
    }

    private static ObjectNode json(Overview overview, List<String> others, List<Finding> findings) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("well", findings.isEmpty());
        ArrayNode attention = node.putArray("attention");
        for (Finding finding : findings) {
            attention
                    .addObject()
                    .put("area", finding.area().code())
                    .put("reason", finding.reason())
                    .put("remedy", finding.remedy());
        }
        node.put("at", overview.at().toString());
        ArrayNode processes = node.putArray("processes");
        others.forEach(processes::add);
        LedgerStatus ledger = overview.ledger();
        BatchTotals.Totals totals = ledger.totals();
        node.putObject("records")
                .put("batches", totals.batches())
                .put("read", totals.records())
                .put("accepted", totals.accepted())
                .put("duplicate", totals.duplicate())
                .put("conflict", totals.conflict())
                .put("quarantined", totals.quarantined())
                .put("unpriced", totals.unpriced())
                .put("lastCommit", text(ledger.lastCommit()));
        ArrayNode sources = node.putArray("sources");
        ledger.sources().forEach(source -> sources.add(SourcesCommand.json(source)));
        ArrayNode months = node.putArray("months");
        for (LedgerStatus.Month month : ledger.months()) {
            months.addObject()
                    .put("month", month.month().toString())
                    .put("open", month.isOpen())
                    .put("usage", month.usage())
                    .put("openTenants", month.open())
                    .put("closingTenants", month.closing())
                    .put("closedTenants", month.closed());
        }
        ArrayNode quarantine = node.putArray("quarantine");
        for (LedgerStatus.Held held : ledger.quarantine()) {
            quarantine
                    .addObject()
                    .put("kind", held.kind())
                    .put("records", held.records())
                    .put("oldest", text(held.oldest()));
        }
        ArrayNode rerating = node.putArray("rerating");
        for (RerateStatus.Order order : overview.rerating().orders()) {
            rerating.addObject()
                    .put("kind", order.kind().code())
                    .put("reason", order.reason())
                    .put("from", order.from().toString())
                    .put("until", text(order.until()))
                    .put("state", order.state())
                    .put("tenants", order.tenants())
                    .put("doneBefore", text(order.current()))
                    .put("error", order.error())
                    .put("orderedAt", order.createdAt().toString());
        }
        InvoiceStatus.FanOut fanOut = overview.invoices().fanOut();
        node.putObject("fanOut")
                .put("open", fanOut.open())
                .put("oldestOpen", text(fanOut.oldestOpen()))
                .put("parked", fanOut.parked())
                .put("lastError", fanOut.lastError());
        ArrayNode connectors = node.putArray("connectors");
        for (InvoiceStatus.Connector connector : overview.invoices().connectors()) {
            ObjectNode one = connectors.addObject().put("connector", connector.name());
            ObjectNode states = one.putObject("states");
            for (DeliveryState state : DeliveryState.values()) {
                states.put(state.code(), connector.count(state));
            }
            one.put("undecided", connector.undecided())
                    .put("alarms", connector.alarms())
                    .put("oldestOpen", text(connector.oldestOpen()))
                    .put("lastCommit", text(connector.lastCommit()))
                    .put("lastError", connector.lastError());
        }
        return node;
    }

    private static String text(Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
