package org.caravan.hub.connector.check;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.caravan.hub.connector.check.Wire.Act;
import org.caravan.hub.connector.check.Wire.Kind;
import org.caravan.hub.connector.check.Wire.Passed;
import org.caravan.invoice.ConnectorInfo.Repeat;
import org.caravan.invoice.DeliveryRow;
import org.caravan.invoice.TrialOutbox;
import org.caravan.invoice.document.Document;

/** What a target says no to. */
final class Refusals {
    /** Longer than the pause that the hub makes by itself. */
    private static final Duration ASKED_FOR = TrialOutbox.PAUSE.multipliedBy(2);

    /** Currencies that hardly any ERP has switched on. */
    private static final List<String> RARE = List.of("KPW", "BTN");

    private static final String TRANSIENT =
            "let 429 be an error that is no refusal; NotSentException says that certainly nothing was done";
    private static final String REFUSE = "throw org.caravan.invoice.RefusedException where the target says no for good";

    private Refusals() {}

    static Verdict tooMany(Bench bench) throws Exception {
        if (!bench.overHttp()) {
            return Verdict.skipped(Losses.noHttp());
        }
        Document document = bench.documents().plain();
        String seconds = Long.toString(ASKED_FOR.toSeconds());
        bench.wire().plan((n, request) -> Act.status(Kind.ANSWERED, 429, seconds));
        DeliveryRow row;
        try {
            row = bench.send(document);
        } finally {
            bench.wire().heal();
        }
        if (Commits.isCommitted(row)) {
            return Verdict.failed(
                    "HTTP 429, and it answered success: " + row.reference(),
                    "answer CamelCaravanErpReference out of the target's 2xx answer alone");
        }
        if (Commits.isParked(row)) {
            return Verdict.failed("HTTP 429, and it was given up: " + row.lastError(), TRANSIENT);
        }
        if (bench.repeat() == Repeat.NEVER && row.doubt()) {
            return Verdict.failed("HTTP 429, and a person has to decide: " + row.lastError(), TRANSIENT);
        }
        Verdict repeated = repeated(bench, "HTTP 429");
        if (repeated != null) {
            return repeated;
        }
        Instant due = row.dueAt();
        if (due == null || due.isBefore(row.updatedAt().plus(ASKED_FOR).minusSeconds(1))) {
            return Verdict.failed(
                    "Retry-After: " + seconds + ", and it is due again after "
                            + (due == null
                                    ? "nothing"
                                    : Duration.between(row.updatedAt(), due).toSeconds() + " s"),
                    "hand the answer's header Retry-After on as CamelCaravanRetryAfter");
        }
        return healed(bench, document, "waits as long as Retry-After says, then committed");
    }

    private static Verdict healed(Bench bench, Document document, String detail) throws Exception {
        DeliveryRow row = bench.finish(document);
        if (!Commits.isCommitted(row)) {
            return Verdict.failed("afterwards not committed: " + Commits.standing(row), "see the reason");
        }
        Verdict failed = Commits.notFound(bench, document, row.reference());
        return failed != null ? failed : Verdict.passed(detail);
    }

    /** True if it asked for the same again by itself, which the hub is there for. */
    private static Verdict repeated(Bench bench, String what) {
        List<Passed> log = bench.wire().log();
        for (int i = 0; i < log.size(); i++) {
            for (int j = i + 1; j < log.size(); j++) {
                if (log.get(i).request().isSame(log.get(j).request())) {
                    return Verdict.failed(
                            what + ", and it asked for the same again by itself, " + log.size() + " requests in all",
                            "end with an error and leave retrying to the hub, which waits longer each time");
                }
            }
        }
        return null;
    }

    static Verdict credentials(Bench bench) throws Exception {
        Optional<Told.Over> mistaken = bench.mistaken();
        if (mistaken.isEmpty() && !bench.overHttp()) {
            return Verdict.skipped("it is told no secret that could be wrong");
        }
        if (bench.overHttp()) {
            Document document = bench.documents().plain();
            bench.wire().plan((n, request) -> Act.status(Kind.ANSWERED, 401, null));
            DeliveryRow row;
            try {
                row = bench.send(document);
            } finally {
                bench.wire().heal();
            }
            Verdict failed = denied(bench, row, "HTTP 401");
            failed = failed == null ? repeated(bench, "HTTP 401") : failed;
            if (failed != null || Commits.isParked(row)) {
                return failed;
            }
            Verdict healed = healed(bench, document, "");
            if (healed.isFailed()) {
                return healed;
            }
        }
        if (mistaken.isEmpty()) {
            return Verdict.passed("HTTP 401: nothing done, tried again; it is told no secret that could be wrong");
        }
        bench.wire().plan((n, request) -> Act.well());
        DeliveryRow row = bench.sendTold(mistaken.get(), bench.documents().plain());
        Verdict failed = denied(bench, row, "a wrong secret");
        return failed != null ? failed : Verdict.passed("a wrong secret: " + Commits.standing(row));
    }

    private static Verdict denied(Bench bench, DeliveryRow row, String what) {
        if (Commits.isCommitted(row)) {
            return Verdict.failed(
                    what + ", and it answered success: " + row.reference(),
                    "take no answer for success but the target's own 2xx, and let the target want the secret");
        }
        if (Commits.isParked(row)) {
            return Verdict.failed(
                    what + ", and the invoice was given up: " + row.lastError(),
                    "throw NotSentException: nothing was done, and once the secret is right it goes on by itself");
        }
        if (bench.repeat() == Repeat.NEVER && row.doubt()) {
            return Verdict.failed(
                    what + ", and a person has to decide about each invoice: " + row.lastError(),
                    "throw NotSentException: nothing was done");
        }
        return null;
    }

    static Verdict unknownTenant(Bench bench) throws Exception {
        bench.wire().plan((n, request) -> Act.well());
        Document document = bench.documents().ofUnknown();
        DeliveryRow row = bench.send(document);
        Verdict known = refused(bench, row, "an unknown tenant");
        if (known != null) {
            return known;
        }
        if (!Commits.canTell(bench, document)) {
            return Verdict.skipped("answered " + row.reference() + "; it can't be asked whether that is there");
        }
        Verdict failed = Commits.notFound(bench, document, row.reference());
        return failed != null ? failed : Verdict.passed("the target takes any tenant: " + row.reference());
    }

    static Verdict currency(Bench bench) throws Exception {
        String rare = RARE.get(bench.documents().currency().equals(RARE.get(0)) ? 1 : 0);
        bench.wire().plan((n, request) -> Act.well());
        int before = bench.outbox().told().size();
        Document document = bench.documents().in(rare);
        DeliveryRow row = bench.send(document);
        Verdict known = refused(bench, row, "an unknown currency");
        if (known != null) {
            return known;
        }
        String remedy = "send the document's currency, and answer the one that the target has booked in"
                + " CamelCaravanErpCurrency; where it has no such currency, throw RefusedException";
        if (Commits.alarmed(row)) {
            return Verdict.failed(row.lastError().replaceFirst("; correct it in the ERP.*", ""), remedy);
        }
        String told = bench.outbox().told().get(before).currency();
        if (bench.overHttp()) {
            boolean shown = bench.wire().log().stream()
                    .anyMatch(passed -> text(passed.request().body()).contains(rare)
                            || text(passed.answer()).contains(rare));
            if (!shown) {
                return Verdict.failed(
                        "committed as " + row.reference() + ", and no request or answer bears " + rare, remedy);
            }
        } else if (bench.files().readable() && !bench.files().news().isEmpty()) {
            return bench.files().text().contains(rare)
                    ? Verdict.passed("written in " + rare)
                    : Verdict.failed("committed as " + row.reference() + ", and " + rare + " stands nowhere", remedy);
        }
        return told == null
                ? Verdict.skipped("committed as " + row.reference()
                        + "; it does not tell in which currency (CamelCaravanErpCurrency), so nobody can see")
                : Verdict.passed("booked in " + told);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Null if it was committed, and the target did not say no. */
    private static Verdict refused(Bench bench, DeliveryRow row, String what) {
        if (Commits.isParked(row)) {
            return Verdict.passed("refused: " + row.lastError());
        }
        if (!Commits.isCommitted(row)) {
            return Verdict.failed(what + ", and it is neither committed nor refused: " + Commits.standing(row), REFUSE);
        }
        List<Passed> log = bench.wire().log();
        int status = log.isEmpty() ? 0 : log.get(log.size() - 1).status();
        return status >= 400
                ? Verdict.failed(
                        what + ": the target answered HTTP " + status + ", and it answered success: " + row.reference(),
                        REFUSE)
                : null;
    }
}
