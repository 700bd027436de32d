package org.caravan.hub.connector.check;

import java.util.List;
import org.caravan.hub.connector.check.Wire.Act;
import org.caravan.hub.connector.check.Wire.Kind;
import org.caravan.invoice.ConnectorInfo.Repeat;
import org.caravan.invoice.DeliveryRow;
import org.caravan.invoice.TrialOutbox;
import org.caravan.invoice.document.Document;

/** The same once more: at once, otherwise, or read back. */
final class Repeats {
    private static final int PAIRS = 3;

    private Repeats() {}

    static Verdict atOnce(Bench bench) throws Exception {
        for (int i = 0; i < PAIRS; i++) {
            Document document = bench.documents().plain();
            bench.files().mark();
            bench.issue(document, null);
            Verdict failed = bench.repeat() == Repeat.SAFE ? pair(bench, document) : hubs(bench, document);
            if (failed != null) {
                return failed;
            }
        }
        return Verdict.passed(
                bench.repeat() == Repeat.SAFE
                        ? PAIRS + " times two at once: one invoice each, one reference"
                        : PAIRS + " times two hubs at once: one call each, as it is not declared safe");
    }

    /** Two that have both lost sight of each other. */
    private static Verdict pair(Bench bench, Document document) throws Exception {
        bench.wire().plan((n, request) -> Act.of(Kind.PAIRED));
        List<TrialOutbox.Told> two;
        try {
            two = bench.both(
                    () -> bench.outbox().commit(document), () -> bench.outbox().commit(document));
        } finally {
            bench.wire().heal();
        }
        String remedy = "commit under a key that the target holds unique (an insert if absent, Idempotency-Key), not by"
                + " looking first and making then";
        for (TrialOutbox.Told one : two) {
            if (one.refused()) {
                return Verdict.failed("two at once, and one was refused: " + one.error(), remedy);
            }
        }
        DeliveryRow row = bench.deliver(document);
        if (!Commits.isCommitted(row)) {
            return Verdict.failed("after two at once: " + Commits.standing(row), remedy);
        }
        for (TrialOutbox.Told one : two) {
            if (one.reference() != null && !one.reference().equals(row.reference())) {
                return Verdict.failed(
                        "two at once made " + one.reference() + " and another, " + row.reference(), remedy);
            }
        }
        Verdict failed = Commits.notOnce(bench, document, row.reference());
        return failed == null ? null : Verdict.failed(failed.detail(), remedy);
    }

    /** The hub itself sees to it that only one calls. */
    private static Verdict hubs(Bench bench, Document document) throws Exception {
        int before = bench.outbox().told().size();
        bench.both(
                () -> {
                    bench.outbox().serve(document.key());
                    return true;
                },
                () -> {
                    bench.outbox().serve(document.key());
                    return true;
                });
        DeliveryRow row = bench.finish(document);
        long calls = bench.outbox().told().stream()
                .skip(before)
                .filter(TrialOutbox.Told::commit)
                .count();
        if (!Commits.isCommitted(row)) {
            return Commits.notCommitted(bench, row);
        }
        if (calls != 1) {
            return Verdict.failed(calls + " calls for one invoice", "this is the hub's own fault: report it");
        }
        return Commits.notOnce(bench, document, row.reference());
    }

    static Verdict other(Bench bench) throws Exception {
        if (bench.repeat() != Repeat.SAFE) {
            return Verdict.skipped("it is not declared safe, so the hub sends no key to it twice");
        }
        Document document = bench.documents().plain();
        DeliveryRow row = bench.send(document);
        if (!Commits.isCommitted(row)) {
            return Commits.notCommitted(bench, row);
        }
        Document changed = bench.documents().changed(document);
        TrialOutbox.Told answer = bench.commit(changed);
        boolean noticed = answer.reference() == null
                || answer.total() != null && !isEqual(answer.total(), changed)
                || answer.currency() != null && !answer.currency().equals(changed.currency());
        if (!noticed) {
            return Verdict.failed(
                    "another document under the key of " + row.reference() + " was answered with success, as "
                            + answer.reference(),
                    "keep a digest of the document with the invoice, and throw RefusedException where it differs; or answer the"
                            + " target's own total");
        }
        Verdict failed = Commits.notOnce(bench, document, row.reference());
        return failed != null
                ? failed
                : Verdict.passed(
                        answer.reference() == null
                                ? "not taken: " + answer.error()
                                : "not taken: it tells the first one's total");
    }

    private static boolean isEqual(String total, Document document) {
        try {
            return new java.math.BigDecimal(total.strip()).compareTo(document.total()) == 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    static Verdict readBack(Bench bench) throws Exception {
        Document document = bench.documents().plain();
        DeliveryRow row = bench.send(document);
        if (!Commits.isCommitted(row)) {
            return Commits.notCommitted(bench, row);
        }
        if (!Commits.canTell(bench, document)) {
            return Verdict.skipped("it can't be asked, and nothing lists what the target has");
        }
        Document second = bench.documents().plain();
        DeliveryRow another = bench.send(second);
        Verdict failed = Commits.notOnce(bench, second, another.reference());
        failed = failed == null && bench.repeat() != Repeat.NEVER
                ? Commits.notOnce(bench, document, row.reference(), false)
                : failed;
        if (failed != null) {
            return failed;
        }
        if (bench.repeat() != Repeat.LOOKUP) {
            return Verdict.passed(row.reference() + " again under its key");
        }
        return asked(bench, document, row);
    }

    private static Verdict asked(Bench bench, Document document, DeliveryRow row) throws Exception {
        TrialOutbox.Told found = bench.ask(document);
        if (found.total() != null && !isEqual(found.total(), document)) {
            return Verdict.failed(
                    "asked, it tells the total " + found.total() + " of "
                            + document.total().toPlainString(),
                    "read the total of this invoice back, as the target has booked it");
        }
        Document never = bench.documents().plain();
        bench.issue(never, null);
        TrialOutbox.Told absent = bench.ask(never);
        if (!absent.absent()) {
            return Verdict.failed(
                    "asked for what was never sent, it "
                            + (absent.reference() == null
                                    ? "fails: " + absent.error()
                                    : "answers " + absent.reference()),
                    "look up by the whole key; answer CamelCaravanLookup = absent where there is none");
        }
        Verdict forged = bench.overHttp() ? forged(bench) : null;
        return forged != null
                ? forged
                : Verdict.passed(row.reference() + " found by its key, and nothing where nothing was sent");
    }

    /** In doubt, asked, and the target's answer says a cent more than the document. */
    private static Verdict forged(Bench bench) throws Exception {
        Document document = bench.documents().of(List.of(TestDocuments.row("test.read-back", "1", "713.47")));
        int last = bench.requestsEach();
        bench.wire().plan((n, request) -> n == last ? Act.of(Kind.LOST) : Act.well());
        bench.send(document);
        bench.wire().plan((n, request) -> Act.edit("713.47", "713.48"));
        DeliveryRow row = bench.deliver(document);
        bench.wire().heal();
        boolean edited = bench.wire().log().stream().anyMatch(passed -> passed.kind() == Kind.EDITED);
        return edited && Commits.isCommitted(row) && !Commits.alarmed(row)
                ? Verdict.failed(
                        "asked, the target told 713.48 in the place of 713.47, and nobody noticed",
                        "answer CamelCaravanErpTotal out of the target's answer also where it is asked")
                : null;
    }
}
