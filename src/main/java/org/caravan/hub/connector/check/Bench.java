package org.caravan.hub.connector.check;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.connector.HubConnectors;
import org.caravan.invoice.ConnectorInfo.Repeat;
import org.caravan.invoice.DeliveryRow;
import org.caravan.invoice.TrialOutbox;
import org.caravan.invoice.document.Document;

/** Where a connector is put to the test: the hub's outbox before it, a point for faults behind it, eyes on its target. */
final class Bench implements AutoCloseable {
    private static final int ROUNDS = 4;

    private final HubConfig config;
    private final String connector;
    private final DataSource ledger;
    private final Duration limit;
    private final Clock clock;
    private final Wire wire = new Wire();
    private final Map<String, FaultProxy> proxies = new HashMap<>();
    private final Stage stage;
    private final TrialOutbox outbox;
    private final Told told;
    private final TestDocuments documents;
    private final WrittenFiles files;
    private final Optional<Told.Listing> listing;
    private final Map<String, Document> sent = new LinkedHashMap<>();
    private final ExecutorService calls = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "connector-test");
        thread.setDaemon(true);
        return thread;
    });

    /** Files that one committed invoice makes; 0 where none are seen. */
    private int filesEach;

    /** Requests that one commit makes, once the connector knows its target; 0 where none are seen. */
    private int requestsEach;

    Bench(HubConfig config, String connector, DataSource ledger, TestDocuments documents, Duration limit, Clock clock) {
        this.config = config;
        this.connector = connector;
        this.ledger = ledger;
        this.limit = limit;
        this.clock = clock;
        this.documents = documents;
        this.stage = new Stage(config, ledger, limit, clock);
        this.told = new Told(config, HubConnectors.files(config).look(connector), stage::resolve);
        this.outbox = stage.open(connector, told.addressed(this::proxied));
        this.files = new WrittenFiles(told.all());
        this.listing = told.listing();
    }

    private String proxied(String origin) {
        return proxies.computeIfAbsent(origin, target -> new FaultProxy(target, wire, limit))
                .address();
    }

    /** A call did not come to an end. */
    static final class Stuck extends Exception {
        private static final long serialVersionUID = 1;

        Stuck(String message) {
            super(message);
        }
    }

    TestDocuments documents() {
        return documents;
    }

    TrialOutbox outbox() {
        return outbox;
    }

    Wire wire() {
        return wire;
    }

    Told told() {
        return told;
    }

    WrittenFiles files() {
        return files;
    }

    Duration limit() {
        return limit;
    }

    Repeat repeat() {
        return outbox.info().repeat();
    }

    /** True if faults can be made on the way to the target. */
    boolean overHttp() {
        return requestsEach > 0;
    }

    int requestsEach() {
        return requestsEach;
    }

    /** Notes what a commit that fares well looks like. */
    void calibrate(int requests, int newFiles) {
        requestsEach = requests;
        filesEach = newFiles;
    }

    /** All documents that may be at the target. */
    List<Document> sent() {
        return List.copyOf(sent.values());
    }

    /** All references that the connector answered for a document. */
    List<String> references(Document document) throws Exception {
        java.util.Set<String> references = new java.util.LinkedHashSet<>();
        for (TrialOutbox.Told one : outbox.told()) {
            if (document.key().equals(one.key()) && one.reference() != null) {
                references.add(one.reference());
            }
        }
        String kept = row(document).reference();
        if (kept != null) {
            references.add(kept);
        }
        return List.copyOf(references);
    }

    DeliveryRow row(Document document) throws Exception {
        return outbox.row(document.key());
    }

    /** Issues a document. */
    void issue(Document document, Document corrects) throws Exception {
        outbox.issue(document, documents.sequence(document), corrects == null ? null : corrects.key());
        sent.put(document.key(), document);
    }

    /** Issues a document and delivers it: one attempt, or what the hub makes of it. */
    DeliveryRow send(Document document) throws Exception {
        files.mark();
        issue(document, null);
        return deliver(document);
    }

    /** Another attempt, or a question; time enough has passed. */
    DeliveryRow deliver(Document document) throws Exception {
        return bounded(() -> outbox.deliver(document.key()));
    }

    /** Sends it and goes on until it is committed, parked or waits for a person. */
    DeliveryRow sendAndFinish(Document document) throws Exception {
        send(document);
        return finish(document);
    }

    /** Goes on until it is committed, parked or waits for a person. */
    DeliveryRow finish(Document document) throws Exception {
        DeliveryRow row = row(document);
        for (int i = 0; i < ROUNDS && isOpen(row); i++) {
            row = deliver(document);
        }
        return row;
    }

    /** True if the hub goes on with it by itself. */
    static boolean isOpen(DeliveryRow row) {
        return !row.state().equals("committed") && !row.state().equals("parked") && row.dueAt() != null;
    }

    /** As {@link #finish}, through a connector that is told otherwise. */
    DeliveryRow sendTold(Told.Over over, Document document) throws Exception {
        try (Stage other = new Stage(config, ledger, limit, clock)) {
            TrialOutbox beside = other.open(connector, over);
            files.mark();
            beside.issue(document, documents.sequence(document), null);
            sent.put(document.key(), document);
            return bounded(() -> beside.deliver(document.key()));
        }
    }

    Optional<Told.Over> mistaken() {
        return told.mistaken(this::proxied);
    }

    /** Commits past the lanes. */
    TrialOutbox.Told commit(Document document) throws Exception {
        return bounded(() -> outbox.commit(document));
    }

    TrialOutbox.Told ask(Document document) throws Exception {
        return bounded(() -> outbox.ask(document.key()));
    }

    /** Does two things at once. */
    <T> List<T> both(Callable<T> one, Callable<T> other) throws Exception {
        Future<T> beside = calls.submit(other);
        List<T> results = new ArrayList<>();
        results.add(bounded(one));
        results.add(get(beside));
        return results;
    }

    /** @throws Stuck if it takes longer than a delivery's lease */
    <T> T bounded(Callable<T> work) throws Exception {
        return get(calls.submit(work));
    }

    private <T> T get(Future<T> work) throws Exception {
        try {
            return work.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            wire.heal();
            work.cancel(true);
            throw new Stuck("a call did not come to an end within " + limit.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /**
     * How many objects of a document the target has.
     *
     * @return empty if that can't be seen
     */
    OptionalInt objects(Document document) throws IOException {
        if (listing.isPresent()) {
            AtomicInteger count = new AtomicInteger();
            try {
                listing.get().list(documents.issuer(), found -> {
                    if (document.key().equals(found.key())
                            || found.key() == null && document.number().equals(found.number())) {
                        count.incrementAndGet();
                    }
                });
                return OptionalInt.of(count.get());
            } catch (Exception e) {
                throw new IOException("the target can't be listed: " + e.getMessage(), e);
            }
        }
        return filesEach == 0
                ? OptionalInt.empty()
                : OptionalInt.of((files.news().size() + filesEach - 1) / filesEach);
    }

    @Override
    public void close() {
        wire.heal();
        stage.close();
        proxies.values().forEach(FaultProxy::close);
        calls.shutdownNow();
    }
}
