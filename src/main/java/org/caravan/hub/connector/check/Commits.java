package org.caravan.hub.connector.check;

import org.caravan.invoice.ConnectorInfo.Repeat;
import org.caravan.invoice.DeliveryRow;
import org.caravan.invoice.TrialOutbox;
import org.caravan.invoice.document.Document;

/** That a document is committed at all, and what the checks share about it. */
final class Commits {
    private Commits() {}

    /** Twice, for the first one also gets to know its target. */
    static Verdict plain(Bench bench) throws Exception {
        DeliveryRow first = bench.sendAndFinish(bench.documents().plain());
        if (!isCommitted(first)) {
            return notCommitted(bench, first);
        }
        bench.wire().plan((n, request) -> Wire.Act.well());
        Document second = bench.documents().plain();
        DeliveryRow row = bench.send(second);
        if (!isCommitted(row)) {
            return notCommitted(bench, row);
        }
        bench.calibrate(bench.wire().log().size(), bench.files().news().size());
        if (first.reference().equals(row.reference())) {
            return Verdict.failed(
                    "two invoices got the same reference " + row.reference(),
                    "answer the reference that the target gave this invoice");
        }
        return alarmed(row) ? alarm(row) : Verdict.passed("committed as " + row.reference());
    }

    static boolean isCommitted(DeliveryRow row) {
        return row.state().equals("committed");
    }

    static boolean isParked(DeliveryRow row) {
        return row.state().equals("parked");
    }

    /** True if the target's total or currency is not the document's. */
    static boolean alarmed(DeliveryRow row) {
        return isCommitted(row) && row.lastError() != null;
    }

    static Verdict alarm(DeliveryRow row) {
        return Verdict.failed(
                row.lastError().replaceFirst("; correct it in the ERP.*", ""),
                "send amounts as exact decimals, and let the target book them as they are");
    }

    static Verdict notCommitted(Bench bench, DeliveryRow row) {
        String away = bench.wire().away();
        return Verdict.failed(
                "not committed: " + row.state() + ", " + (away == null ? row.lastError() : away),
                isParked(row)
                        ? "see to the reason; --account names an account that the target knows, --currency one that it has"
                        : "see to the reason: settings, network, or an answer without a reference");
    }

    /** What the hub makes of an outcome, for people. */
    static String standing(DeliveryRow row) {
        return row.state() + (row.lastError() == null ? "" : ": " + row.lastError());
    }

    /**
     * After it was committed: that there is one, and that the same again is the same.
     *
     * @return null if all is well
     */
    static Verdict notOnce(Bench bench, Document document, String reference) throws Exception {
        return notOnce(bench, document, reference, true);
    }

    /** @param newest true if nothing was sent since */
    static Verdict notOnce(Bench bench, Document document, String reference, boolean newest) throws Exception {
        if (bench.repeat() == Repeat.SAFE) {
            TrialOutbox.Told again = bench.commit(document);
            if (!reference.equals(again.reference())) {
                return Verdict.failed(
                        "committed as " + reference + ", and the same again "
                                + (again.reference() == null ? "failed: " + again.error() : "as " + again.reference()),
                        "commit under the document's key and answer what is there already, or do not declare caravan/repeat"
                                + " safe");
            }
        }
        return notFound(bench, document, reference, newest);
    }

    /**
     * After it was committed: that it can be found, where the target can be asked, and is there once. Commits nothing.
     *
     * @return null if all is well
     */
    static Verdict notFound(Bench bench, Document document, String reference) throws Exception {
        return notFound(bench, document, reference, true);
    }

    private static Verdict notFound(Bench bench, Document document, String reference, boolean newest) throws Exception {
        if (bench.repeat() == Repeat.LOOKUP) {
            TrialOutbox.Told found = bench.ask(document);
            if (!reference.equals(found.reference())) {
                return Verdict.failed(
                        "committed as " + reference + ", and asked by key it "
                                + (found.absent()
                                        ? "says that there is none"
                                        : found.reference() == null
                                                ? "fails: " + found.error()
                                                : "answers " + found.reference()),
                        "look the key up where the commit wrote it, and answer the same reference");
            }
        }
        var objects = newest ? bench.objects(document) : java.util.OptionalInt.empty();
        if (objects.isPresent() && objects.getAsInt() != 1) {
            return Verdict.failed(
                    "the target has " + objects.getAsInt() + " of " + document.number(),
                    "commit under the document's key, in one step that the target does once");
        }
        return null;
    }

    /** How sure {@link #notOnce} is. */
    static boolean canTell(Bench bench, Document document) throws Exception {
        return bench.repeat() != Repeat.NEVER || bench.objects(document).isPresent();
    }
}
