package org.caravan.hub.connector.check;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.caravan.hub.connector.check.TestDocuments.Row;
import org.caravan.hub.connector.check.Wire.Act;
import org.caravan.hub.connector.check.Wire.Kind;
import org.caravan.hub.connector.check.Wire.Passed;
import org.caravan.invoice.DeliveryRow;
import org.caravan.invoice.document.Document;

/** Cents that get lost, and lines with them. */
final class Amounts {
    private static final int LINES = 1_000;
    private static final BigDecimal CENT = new BigDecimal("0.01");
    private static final String NOT_TOLD =
            "; it does not tell the target's total (CamelCaravanErpTotal), so nobody can see";

    /** Halves of a cent, which binary numbers round the other way. */
    private static final List<Row> HALVES = List.of(
            TestDocuments.row("test.half-1", "1", "1.005"),
            TestDocuments.row("test.half-2", "1", "2.675"),
            TestDocuments.row("test.half-3", "1", "8.345"),
            TestDocuments.row("test.half-4", "3", "0.115"),
            TestDocuments.row("test.half-5", "1", "701.115"));

    private Amounts() {}

    static Verdict cents(Bench bench) throws Exception {
        bench.wire().plan((n, request) -> Act.well());
        DeliveryRow row = bench.send(bench.documents().of(HALVES));
        if (!Commits.isCommitted(row)) {
            return Commits.notCommitted(bench, row);
        }
        if (Commits.alarmed(row)) {
            return Commits.alarm(row);
        }
        if (!bench.overHttp()) {
            return row.erpTotal() == null
                    ? Verdict.skipped("committed as " + row.reference() + NOT_TOLD)
                    : Verdict.passed("the total told is the document's, to the cent");
        }
        if (row.erpTotal() != null && !isTold(bench, row.erpTotal())) {
            return Verdict.failed(
                    "it tells the total " + row.erpTotal().toPlainString() + ", which no answer of the target bears",
                    "answer CamelCaravanErpTotal out of the target's answer, not out of the document");
        }
        return forged(bench, row);
    }

    /** The target's answer says a cent more. */
    private static Verdict forged(Bench bench, DeliveryRow first) throws Exception {
        Document document = bench.documents().of(HALVES);
        String right = document.total().toPlainString();
        String wrong = document.total().add(CENT).toPlainString();
        int last = bench.requestsEach();
        bench.wire().plan((n, request) -> n >= last ? Act.edit(right, wrong) : Act.well());
        DeliveryRow row;
        try {
            row = bench.send(document);
        } finally {
            bench.wire().heal();
        }
        boolean edited = bench.wire().log().stream().anyMatch(passed -> passed.kind() == Kind.EDITED);
        if (edited && Commits.isCommitted(row) && !Commits.alarmed(row)) {
            return Verdict.failed(
                    "the target told " + wrong + " in the place of " + right + ", and nobody noticed",
                    "answer CamelCaravanErpTotal out of the target's answer");
        }
        if (edited) {
            return Verdict.passed("equal to the cent, and a cent more in the target's answer is noticed");
        }
        return first.erpTotal() == null
                ? Verdict.skipped("committed as " + first.reference() + NOT_TOLD)
                : Verdict.passed("the total told is the document's, to the cent");
    }

    /** Whatever way it is written in: digits are digits. */
    private static boolean isTold(Bench bench, BigDecimal total) {
        String digits = total.toPlainString().replaceAll("\\D", "");
        return bench.wire().log().stream()
                .map(Passed::answer)
                .map(answer -> new String(answer, StandardCharsets.UTF_8).replaceAll("[^0-9<\":{\\[ ]", ""))
                .anyMatch(text -> text.contains(digits));
    }

    static Verdict creditNote(Bench bench) throws Exception {
        Document invoice = bench.documents().plain();
        DeliveryRow row = bench.send(invoice);
        if (!Commits.isCommitted(row)) {
            return Commits.notCommitted(bench, row);
        }
        Document note = bench.documents().credit(invoice);
        bench.files().mark();
        bench.issue(note, invoice);
        row = bench.finish(note);
        String remedy = "book CamelCaravanInvoiceKind = credit-note as a credit note and tell its total as negative";
        if (!Commits.isCommitted(row)) {
            return Verdict.failed("a credit note is not committed: " + Commits.standing(row), remedy);
        }
        if (Commits.alarmed(row)) {
            return Verdict.failed(row.lastError().replaceFirst("; correct it in the ERP.*", ""), remedy);
        }
        if (row.erpTotal() != null) {
            Verdict failed = Commits.notFound(bench, note, row.reference());
            return failed != null
                    ? failed
                    : Verdict.passed("committed as " + row.reference() + ", total "
                            + row.erpTotal().toPlainString());
        }
        return bench.files().text().contains(note.total().toPlainString())
                ? Verdict.passed("written as " + note.total().toPlainString())
                : Verdict.skipped("committed as " + row.reference() + NOT_TOLD);
    }

    static Verdict thousandLines(Bench bench) throws Exception {
        List<Row> rows = IntStream.rangeClosed(1, LINES)
                .mapToObj(i -> TestDocuments.row(name(i), "1", "0.0" + (i % 9 + 1)))
                .toList();
        String remedy = "send all lines of all sections, or throw RefusedException where the target takes no more";
        return arrives(bench, rows, remedy, name(1), name(LINES));
    }

    private static String name(int line) {
        return String.format(Locale.ROOT, "test.line-%04d", line);
    }

    static Verdict subCent(Bench bench) throws Exception {
        List<Row> rows = List.of(
                TestDocuments.row("test.sub-cent", "1234567", "0.0000123"),
                TestDocuments.row("test.whole", "1", "0.10"));
        String remedy =
                "bill the line's amount (quantity 1), or give the target a price precision that keeps the unit price";
        return arrives(bench, rows, remedy, "test.whole", "test.sub-cent");
    }

    /** Committed to the cent, and a text that stands in it is seen where another one is. */
    private static Verdict arrives(Bench bench, List<Row> rows, String remedy, String sure, String wanted)
            throws Exception {
        bench.wire().plan((n, request) -> Act.well());
        DeliveryRow row = bench.send(bench.documents().of(rows));
        if (!Commits.isCommitted(row)) {
            return Verdict.failed("not committed: " + Commits.standing(row), remedy);
        }
        if (Commits.alarmed(row)) {
            return Verdict.failed(row.lastError().replaceFirst("; correct it in the ERP.*", ""), remedy);
        }
        String shown = bench.overHttp() ? requests(bench) : bench.files().text();
        if (shown.contains(sure) && !shown.contains(wanted)) {
            return Verdict.failed(
                    "committed as " + row.reference() + ", and " + sure + " arrives, " + wanted + " does not", remedy);
        }
        if (row.erpTotal() == null && !shown.contains(wanted)) {
            return Verdict.skipped("committed as " + row.reference() + NOT_TOLD);
        }
        return Verdict.passed(
                row.erpTotal() == null
                        ? wanted + " arrives"
                        : "total " + row.erpTotal().toPlainString() + " to the cent"
                                + (shown.contains(wanted) ? ", " + wanted + " arrives" : ""));
    }

    private static String requests(Bench bench) {
        StringBuilder text = new StringBuilder();
        bench.wire()
                .log()
                .forEach(passed -> text.append(new String(passed.request().body(), StandardCharsets.UTF_8)));
        return text.toString();
    }
}
