package org.caravan.hub.cli;

import java.io.PrintStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.caravan.hub.BillSummary;
import org.caravan.ledger.RecordCounts;

/** The summary of a bill for people. */
final class BillTable {
    private static final int SHOWN_QUARANTINE = 5;
    private static final int MILLIS = 1_000;

    private BillTable() {}

    static void print(BillSummary summary, PrintStream out) {
        invoices(summary, out);
        for (BillSummary.Held held : summary.held()) {
            out.println("no invoice for " + Errors.oneLine(held.tenant()) + ": " + Errors.oneLine(held.reason()));
        }
        out.println();
        records(summary.records(), out);
        quarantine(summary, out);
        speed(summary, out);
        if (summary.proforma()) {
            out.println();
            out.println("Proforma: nothing was kept beside the files. Bill with --data DIR to keep the ledger and issue"
                    + " invoices.");
        }
    }

    private static void invoices(BillSummary summary, PrintStream out) {
        if (summary.invoices().isEmpty()) {
            out.println("No invoices: the ledger has nothing to bill in " + summary.month() + ".");
            return;
        }
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"TENANT", "NUMBER", "LINES", "TOTAL", "CURRENCY"});
        Map<String, BigDecimal> totals = new TreeMap<>();
        for (BillSummary.Invoice invoice : summary.invoices()) {
            rows.add(new String[] {
                Errors.oneLine(invoice.tenant()),
                invoice.number(),
                Integer.toString(invoice.lines()),
                invoice.total().toPlainString(),
                invoice.currency()
            });
            totals.merge(invoice.currency(), invoice.total(), BigDecimal::add);
        }
        totals.forEach((currency, total) -> rows.add(new String[] {"", "", "", total.toPlainString(), currency}));
        int[] widths = new int[rows.get(0).length];
        for (String[] row : rows) {
            for (int column = 0; column < row.length; column++) {
                widths[column] = Math.max(widths[column], row[column].length());
            }
        }
        for (String[] row : rows) {
            out.println(String.format(
                            Locale.ROOT,
                            "%-" + widths[0] + "s  %-" + widths[1] + "s  %" + widths[2] + "s  %" + widths[3] + "s  %s",
                            (Object[]) row)
                    .stripTrailing());
        }
    }

    private static void records(RecordCounts records, PrintStream out) {
        out.println(String.format(
                Locale.ROOT,
                "records: %,d read, %,d accepted, %,d duplicate, %,d conflict, %,d quarantined, %,d unpriced,"
                        + " %,d of other months",
                records.read(),
                records.accepted(),
                records.duplicate(),
                records.conflict(),
                records.quarantined(),
                records.unpriced(),
                records.otherMonths()));
    }

    private static void quarantine(BillSummary summary, PrintStream out) {
        summary.quarantine().stream()
                .limit(SHOWN_QUARANTINE)
                .forEach(record -> out.println("  " + record.source()
                        + (record.position() == null ? "" : ":" + record.position()) + ": "
                        + Errors.oneLine(record.reason())));
        long all = summary.records().quarantined() + summary.records().conflict();
        if (all > SHOWN_QUARANTINE) {
            out.println(String.format(
                    Locale.ROOT, "  ... and %,d more in quarantine; --json lists them", all - SHOWN_QUARANTINE));
        }
    }

    private static void speed(BillSummary summary, PrintStream out) {
        String seconds = seconds(summary.duration());
        if (summary.readNow() == 0) {
            out.println("time: " + seconds + ", nothing new to read");
            return;
        }
        long millis = Math.max(1, summary.reading().toMillis());
        out.println(String.format(
                Locale.ROOT,
                "time: %s, %s of it reading at %,d records/s",
                seconds,
                seconds(summary.reading()),
                summary.readNow() * MILLIS / millis));
    }

    private static String seconds(Duration duration) {
        long millis = duration.toMillis();
        return String.format(Locale.ROOT, "%d.%d s", millis / MILLIS, millis % MILLIS / 100);
    }
}
