package org.caravan.hub.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.caravan.hub.management.Ages;
import org.caravan.hub.management.Finding;
import org.caravan.hub.management.Overview;
import org.caravan.invoice.DeliveryState;
import org.caravan.invoice.InvoiceStatus;
import org.caravan.invoice.rerate.RerateStatus;
import org.caravan.ledger.BatchTotals;
import org.caravan.ledger.LedgerStatus;

/** The status for people: one screen, what needs attention last, where the eye ends. */
final class StatusTable {
    /** Months shown in full; those before are closed long since, or among the findings. */
    private static final int MONTHS = 6;

    private StatusTable() {}

    static void print(Overview overview, List<String> others, List<Finding> findings, PrintStream out) {
        Instant now = overview.at();
        LedgerStatus ledger = overview.ledger();
        out.println(
                others.isEmpty()
                        ? "hub:        no hub runs on this ledger"
                        : "hub:        at work in process " + String.join(", ", others));
        BatchTotals.Totals totals = ledger.totals();
        out.println(String.format(
                Locale.ROOT,
                "records:    %,d read in %,d %s, the last %s; %,d accepted, %,d duplicate, %,d conflict,"
                        + " %,d quarantined, %,d unpriced",
                totals.records(),
                totals.batches(),
                totals.batches() == 1 ? "batch" : "batches",
                ago(ledger.lastCommit(), now),
                totals.accepted(),
                totals.duplicate(),
                totals.conflict(),
                totals.quarantined(),
                totals.unpriced()));
        out.println(String.format(
                Locale.ROOT,
                "quarantine: %s",
                ledger.quarantine().isEmpty()
                        ? "empty"
                        : String.join(
                                ", ",
                                ledger.quarantine().stream()
                                        .map(held -> String.format(
                                                Locale.ROOT,
                                                "%,d %s, the oldest %s",
                                                held.records(),
                                                held.kind(),
                                                ago(held.oldest(), now)))
                                        .toList())));
        InvoiceStatus.FanOut fanOut = overview.invoices().fanOut();
        if (fanOut.open() + fanOut.parked() > 0) {
            out.println(String.format(
                    Locale.ROOT, "fan-out:    %,d documents wait, %,d parked", fanOut.open(), fanOut.parked()));
        }
        rerating(overview.rerating(), out);
        if (!ledger.sources().isEmpty()) {
            out.println();
            SourcesCommand.table(ledger.sources(), now).forEach(out::println);
        }
        months(ledger, out);
        connectors(overview.invoices(), now, out);
        attention(findings, out);
    }

    /** What is at work or waits; what failed is among the findings. */
    private static void rerating(RerateStatus rerating, PrintStream out) {
        for (RerateStatus.Order order : rerating.orders()) {
            if (!order.state().equals("failed")) {
                out.println(String.format(
                        Locale.ROOT,
                        "re-rating:  %s, %,d %s: %s",
                        Errors.oneLine(order.what()),
                        order.tenants(),
                        order.tenants() == 1 ? "tenant" : "tenants",
                        order.current() == null ? "waits" : "done before " + order.current()));
            }
        }
    }

    private static void months(LedgerStatus ledger, PrintStream out) {
        List<LedgerStatus.Month> months = ledger.months();
        if (months.isEmpty()) {
            return;
        }
        out.println();
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"MONTH", "STATE", "CLOSED", "CLOSING"});
        for (LedgerStatus.Month month : months.subList(Math.max(0, months.size() - MONTHS), months.size())) {
            rows.add(new String[] {
                month.month().toString(),
                month.isOpen() ? "open" : month.usage() ? "closed" : "no usage",
                Long.toString(month.closed()),
                Long.toString(month.closing())
            });
        }
        Columns.lines(rows).forEach(out::println);
    }

    private static void connectors(InvoiceStatus invoices, Instant now, PrintStream out) {
        if (invoices.connectors().isEmpty()) {
            return;
        }
        out.println();
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {
            "CONNECTOR", "COMMITTED", "WAITING", "RETRYING", "IN DOUBT", "PARKED", "OLDEST", "LAST COMMIT"
        });
        for (InvoiceStatus.Connector connector : invoices.connectors()) {
            rows.add(new String[] {
                connector.name(),
                Long.toString(connector.count(DeliveryState.COMMITTED)),
                Long.toString(connector.count(DeliveryState.PENDING) + connector.count(DeliveryState.DELIVERING)),
                Long.toString(connector.count(DeliveryState.RETRYING)),
                Long.toString(connector.count(DeliveryState.IN_DOUBT)),
                Long.toString(connector.count(DeliveryState.PARKED)),
                connector.oldestOpen() == null ? "-" : Ages.text(Duration.between(connector.oldestOpen(), now)),
                ago(connector.lastCommit(), now)
            });
        }
        Columns.lines(rows).forEach(out::println);
    }

    private static void attention(List<Finding> findings, PrintStream out) {
        out.println();
        if (findings.isEmpty()) {
            out.println("All is well.");
            return;
        }
        out.println(findings.size() == 1 ? "1 thing needs attention:" : findings.size() + " things need attention:");
        for (Finding finding : findings) {
            out.println("  * " + Errors.oneLine(finding.reason()));
            out.println("    -> " + finding.remedy());
        }
    }

    static String ago(Instant then, Instant now) {
        return then == null ? "never" : Ages.text(Duration.between(then, now)) + " ago";
    }
}
