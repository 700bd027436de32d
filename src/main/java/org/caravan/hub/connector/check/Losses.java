package org.caravan.hub.connector.check;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.caravan.hub.connector.check.Wire.Act;
import org.caravan.hub.connector.check.Wire.Kind;
import org.caravan.hub.connector.check.Wire.Passed;
import org.caravan.invoice.ConnectorInfo.Repeat;
import org.caravan.invoice.DeliveryRow;
import org.caravan.invoice.InvoiceConstants;
import org.caravan.invoice.document.Document;

/** Answers that do not come, or come from somebody between. */
final class Losses {
    /** Most requests of one commit whose answers are lost, one after the other; the last one is always among them. */
    private static final int MAX_FAULTS = 12;

    private static final String NO_HTTP =
            "it is told no http:// or https:// address, so nothing can be put between it and its target";
    private static final String OUT_OF_ANSWER =
            "answer CamelCaravanErpReference out of the target's 2xx answer alone; let every other end be an error";
    private static final String NOT_REFUSED =
            "throw RefusedException or an input error only where the target itself says no for good";

    private Losses() {}

    static String noHttp() {
        return NO_HTTP;
    }

    static Verdict lost(Bench bench) throws Exception {
        if (!bench.overHttp()) {
            return lostAtCall(bench);
        }
        List<Integer> places = places(bench.requestsEach());
        for (int place : places) {
            Verdict failed = stray(bench, place, Act.of(Kind.LOST), "the connection broke before an answer came");
            if (failed != null) {
                return failed;
            }
        }
        return Verdict.passed(
                places.size() == 1
                        ? "lost once, " + ends(bench)
                        : "the answer of each of " + places.size() + " requests lost once, " + ends(bench));
    }

    private static String ends(Bench bench) {
        return switch (bench.repeat()) {
            case SAFE -> "sent again: one invoice";
            case LOOKUP -> "found by its key: one invoice";
            case NEVER -> "in doubt, and never sent again";
        };
    }

    private static List<Integer> places(int requests) {
        if (requests <= MAX_FAULTS) {
            return IntStream.rangeClosed(1, requests).boxed().toList();
        }
        List<Integer> places = new ArrayList<>();
        for (int i = 1; i <= MAX_FAULTS; i++) {
            places.add(Math.toIntExact((long) i * requests / MAX_FAULTS));
        }
        return places;
    }

    /** Without a wire: the Kamelet has ended well, and the hub does not learn it. */
    private static Verdict lostAtCall(Bench bench) throws Exception {
        Document document = bench.documents().plain();
        AtomicReference<String> lost = new AtomicReference<>();
        bench.outbox().around((exchange, commit) -> {
            commit.process(exchange);
            if (exchange.getException() == null
                    && InvoiceConstants.COMMIT.equals(exchange.getMessage().getHeader(InvoiceConstants.OPERATION))) {
                lost.set(exchange.getMessage().getHeader(InvoiceConstants.ERP_REFERENCE, String.class));
                throw new IOException("the answer was lost (made by caravan connector test)");
            }
        });
        DeliveryRow row;
        try {
            row = bench.send(document);
        } finally {
            bench.outbox().around(null);
        }
        if (lost.get() == null) {
            return Verdict.failed("no answer to lose: " + Commits.standing(row), "see the check commit");
        }
        Verdict failed = ended(bench, document, true, true);
        if (failed != null) {
            return failed;
        }
        DeliveryRow end = bench.row(document);
        if (Commits.isCommitted(end) && !lost.get().strip().equals(end.reference())) {
            return Verdict.failed(
                    "first answered " + lost.get() + ", then " + end.reference(),
                    "answer one document's reference for ever");
        }
        return Verdict.passed("lost once, " + ends(bench));
    }

    static Verdict timeout(Bench bench) throws Exception {
        if (bench.overHttp()) {
            Verdict failed = stray(bench, bench.requestsEach(), Act.of(Kind.HELD), "no answer came");
            return failed != null ? failed : Verdict.passed("the call ended by itself, " + ends(bench));
        }
        String host = bench.told().value("host");
        String port = bench.told().value("port");
        return host == null || port == null ? Verdict.skipped(NO_HTTP) : silent(bench);
    }

    /** A server that takes connections and says nothing. */
    private static Verdict silent(Bench bench) throws Exception {
        Document document = bench.documents().plain();
        DeliveryRow row;
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            row = bench.sendTold(
                    bench.told().with(Map.of("host", "127.0.0.1", "port", Integer.toString(silent.getLocalPort()))),
                    document);
        }
        if (Commits.isCommitted(row)) {
            return Verdict.failed("committed as " + row.reference() + " by a server that says nothing", OUT_OF_ANSWER);
        }
        if (Commits.isParked(row)) {
            return Verdict.failed("given up: " + row.lastError(), NOT_REFUSED);
        }
        row = bench.finish(document);
        if (bench.repeat() != Repeat.NEVER && !Commits.isCommitted(row)) {
            return Verdict.failed("it did not come to its end: " + Commits.standing(row), "see the reason");
        }
        return Verdict.passed("the call ended by itself; " + Commits.standing(row));
    }

    static Verdict serverError(Bench bench) throws Exception {
        if (!bench.overHttp()) {
            return Verdict.skipped(NO_HTTP);
        }
        Document document = bench.documents().plain();
        bench.wire().plan((n, request) -> Act.status(Kind.ANSWERED, 503, null));
        DeliveryRow row;
        try {
            row = bench.send(document);
        } finally {
            bench.wire().heal();
        }
        if (Commits.isCommitted(row)) {
            return Verdict.failed("HTTP 503, and it answered success: " + row.reference(), OUT_OF_ANSWER);
        }
        if (Commits.isParked(row)) {
            return Verdict.failed("HTTP 503, and it was given up: " + row.lastError(), NOT_REFUSED);
        }
        if (bench.repeat() != Repeat.NEVER || !row.doubt()) {
            Verdict failed = ended(bench, document, false, false);
            if (failed != null) {
                return failed;
            }
        }
        Verdict failed = stray(
                bench,
                bench.requestsEach(),
                Act.status(Kind.REPLACED, 502, null),
                "HTTP 502 came after the target had done it");
        return failed != null ? failed : Verdict.passed("503 before and 502 after the commit, " + ends(bench));
    }

    /**
     * Something happens to the answer of the request at a place, once.
     *
     * @return what is wrong, or null
     */
    private static Verdict stray(Bench bench, int place, Act act, String what) throws Exception {
        Document document = bench.documents().plain();
        bench.wire().plan((n, request) -> n == place ? act : Act.well());
        DeliveryRow row;
        try {
            row = bench.send(document);
        } finally {
            bench.wire().heal();
        }
        List<Passed> log = bench.wire().log();
        Passed hit = log.stream()
                .filter(passed -> passed.request().n() == place)
                .findFirst()
                .orElse(null);
        if (hit == null) {
            // this time it needed fewer
            return Commits.isCommitted(row) ? null : Commits.notCommitted(bench, row);
        }
        List<Passed> later =
                log.stream().filter(passed -> passed.request().n() > place).toList();
        if (Commits.isCommitted(row) && later.stream().noneMatch(Passed::told)) {
            return Verdict.failed(what + ", and it answered success: " + row.reference(), OUT_OF_ANSWER);
        }
        if (Commits.isParked(row)) {
            return Verdict.failed(what + ", and it was given up: " + row.lastError(), NOT_REFUSED);
        }
        boolean again = !hit.request().method().equals("GET")
                && later.stream().anyMatch(passed -> passed.request().isSame(hit.request()));
        if (again && bench.repeat() != Repeat.SAFE) {
            return Verdict.failed(
                    what + ", and it sent the same again by itself",
                    "switch off the HTTP client's own retries; retrying is the hub's, which asks before");
        }
        boolean last = place == bench.requestsEach();
        if (last && bench.repeat() != Repeat.SAFE && !Commits.isCommitted(row) && !row.doubt()) {
            return Verdict.failed(
                    what + ", and it says that certainly nothing was done: " + row.lastError(),
                    "throw NotSentException only before anything was sent");
        }
        return ended(bench, document, true, last);
    }

    /**
     * Lets the hub end what is open.
     *
     * @param there true if the target may have it already
     * @param done true if it certainly has: then nothing may be sent to a target that can only be asked
     * @return what is wrong, or null
     */
    private static Verdict ended(Bench bench, Document document, boolean there, boolean done) throws Exception {
        DeliveryRow row = bench.finish(document);
        if (!Commits.isCommitted(row)) {
            if (bench.repeat() == Repeat.NEVER && there && row.state().equals("in-doubt")) {
                return objectsOf(bench, document);
            }
            return Verdict.failed(
                    "the doubt does not end: " + Commits.standing(row),
                    bench.repeat() == Repeat.LOOKUP
                            ? "asked by key, answer the reference of what the target has, and CamelCaravanLookup = absent only"
                                    + " where it certainly has none"
                            : "take the same document again after any failure");
        }
        if (done && bench.repeat() == Repeat.LOOKUP && row.attempt() > 1) {
            return Verdict.failed(
                    "asked, it said that the target does not have it, and it was sent again",
                    "look the key up where the commit wrote it; answer absent only where the target certainly has none");
        }
        if (Commits.alarmed(row)) {
            return Commits.alarm(row);
        }
        return Commits.notOnce(bench, document, row.reference());
    }

    private static Verdict objectsOf(Bench bench, Document document) throws Exception {
        var objects = bench.objects(document);
        return objects.isPresent() && objects.getAsInt() > 1
                ? Verdict.failed(
                        "the target has " + objects.getAsInt() + " of " + document.number(),
                        "send once; retrying is the hub's")
                : null;
    }
}
