package org.caravan.invoice;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.caravan.common.UserError;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentJson;

/**
 * An outbox for the trial of one connector: the hub's own lanes, deliveries and calls over a ledger that is thrown away, one
 * attempt at a time and when the caller says. Nothing is due by itself; that time has passed is told by making a delivery due.
 */
public final class TrialOutbox implements AutoCloseable {
    /** So long that nothing is tried again in the same turn; an ERP that asks for longer gets it. */
    public static final Duration PAUSE = Duration.ofHours(1);

    private static final int MAX_ATTEMPTS = 32;
    private static final int MAX_REASON = 500;

    private final InvoiceComponent component;
    private final InvoiceConsumer consumer;
    private final ConnectorInfo info;
    private final DeliveryStores stores;
    private final Processor route;
    private final AtomicInteger turns = new AtomicInteger();
    private final Map<String, IssuedDocument> issued = new ConcurrentHashMap<>();
    private final List<Told> told = new CopyOnWriteArrayList<>();
    private volatile Around around = (exchange, commit) -> commit.process(exchange);

    /** What is done about a call of the connector; may keep its answer from the hub. */
    public interface Around {
        /** @param route commits, or asks */
        void call(Exchange exchange, Processor route) throws Exception;
    }

    /**
     * What a connector said to one call.
     *
     * @param key the document's
     * @param commit true if it was told to commit, false if it was asked
     * @param reference the ERP's, or null
     * @param total as it was told, or null
     * @param currency as it was told, or null
     * @param absent true if it said that the ERP certainly does not have the document
     * @param refused true if it said that the document is refused for good
     * @param error what it threw, in a line; null if it ended well
     */
    public record Told(
            String key,
            boolean commit,
            String reference,
            String total,
            String currency,
            boolean absent,
            boolean refused,
            String error) {}

    private TrialOutbox(InvoiceComponent component, Route route, String connector) throws Exception {
        this.component = component;
        this.info = component.catalog().find(connector);
        this.route = route.getProcessor();
        this.stores = DeliveryStores.of(component);
        this.consumer = new InvoiceConsumer((InvoiceEndpoint) route.getEndpoint(), this::call);
        consumer.setStartScheduler(false);
        consumer.start();
    }

    /** Limits with which nothing is tried again by itself. */
    public static DeliverySettings settings(Duration lease) {
        return new DeliverySettings(200, lease, PAUSE, PAUSE, 0, MAX_ATTEMPTS, MAX_REASON);
    }

    /**
     * Takes the route that delivers out of the context's own hands.
     *
     * @param context started, with the route and a ledger of its own
     * @throws UserError if no route delivers, or the connector can't be read
     */
    public static TrialOutbox open(CamelContext context, String connector) throws Exception {
        for (Route route : context.getRoutes()) {
            if (route.getEndpoint() instanceof InvoiceEndpoint outbox
                    && outbox.getConfiguration().getKind() == InvoiceConfiguration.Kind.DELIVER) {
                context.getRouteController().suspendRoute(route.getRouteId());
                return new TrialOutbox(outbox.getComponent(), route, connector);
            }
        }
        throw new UserError("no route delivers: routes/deliver.camel.yaml must begin from caravan-invoice:outbox with"
                + " kind: deliver");
    }

    /** What the connector declares. */
    public ConnectorInfo info() {
        return info;
    }

    /** From now on this is done about each call; null for nothing. */
    public void around(Around around) {
        this.around = around == null ? (exchange, commit) -> commit.process(exchange) : around;
    }

    /** All that the connector said so far, calls that were kept from the hub included. */
    public List<Told> told() {
        return List.copyOf(told);
    }

    /**
     * Writes a document into the ledger, with its delivery.
     *
     * @param corrects key of the invoice that a credit note corrects, issued before; else null
     */
    public void issue(Document document, int sequence, String corrects) throws SQLException {
        DataSource ledger = component.requireDataSource();
        Long corrected = corrects == null ? null : head(corrects).id();
        IssuedDocument head = Transactions.call(ledger, connection -> {
            long id = DocumentRows.ids(connection, 1).get(0);
            try (DocumentRows rows = new DocumentRows(connection, stores.clock().instant())) {
                DocumentRows.Row row = rows.add(id, document, sequence, corrected);
                rows.write();
                return row.document();
            }
        });
        issued.put(document.key(), head);
        new Outbox(ledger, stores.settings(), stores.clock())
                .add(document.key(), Set.of(info.name()), LaneOf.declared(component.catalog()::find));
    }

    /**
     * Lets the lane of a document do what is due for it: an attempt, or a question where one was in doubt. All calls before
     * must have ended, as the hub waits until they certainly have.
     *
     * @return where the document stands afterwards
     */
    public DeliveryRow deliver(String key) throws SQLException {
        IssuedDocument document = head(key);
        makeDue(document);
        serve(document);
        return row(key);
    }

    /** As {@link #deliver}, but beside another that runs: makes nothing due. */
    public void serve(String key) throws SQLException {
        serve(head(key));
    }

    private void serve(IssuedDocument document) throws SQLException {
        Lanes.Lane lane = new Lanes.Lane(info.name(), info.lane(document));
        new LaneWorker(consumer, "trial-" + turns.incrementAndGet(), lane, info, stores).run();
    }

    /** Of a document that was issued, here or through another connector's outbox over the same ledger. */
    private IssuedDocument head(String key) throws SQLException {
        IssuedDocument known = issued.get(key);
        return known != null ? known : row(key).document();
    }

    /** Where a document stands. */
    public DeliveryRow row(String key) throws SQLException {
        return new DeliveryList(component.requireDataSource())
                .byName(key, info.name())
                .get(0);
    }

    /** Commits a document that was issued, or one of the same key with other content, past the lanes: as a second hub would. */
    public Told commit(Document document) throws SQLException {
        IssuedDocument head = head(document.key());
        IssuedDocument same = new IssuedDocument(
                head.id(),
                document.key(),
                document.number(),
                document.kind().code(),
                document.issuer(),
                document.account(),
                document.month(),
                head.sequence(),
                document.proforma(),
                document.currency(),
                document.total(),
                document.exact(),
                document.lines(),
                head.issuedAt());
        String body = new String(DocumentJson.write(document), java.nio.charset.StandardCharsets.UTF_8);
        Lanes.Lane lane = new Lanes.Lane(info.name(), info.lane(same));
        return told(
                document.key(),
                true,
                new ConnectorCall(consumer, info)
                        .commit(
                                new Deliveries.Attempt(0, lane, "trial", 1, 1, same, body),
                                stores.clock().instant()));
    }

    /** Asks for a document that was issued. */
    public Told ask(String key) throws SQLException {
        return told(
                key,
                false,
                new ConnectorCall(consumer, info)
                        .ask(head(key), 1, stores.clock().instant()));
    }

    private Told told(String key, boolean commit, ConnectorCall.Answer answer) {
        Throwable error = answer.error() != null ? answer.error() : answer.unreadable();
        return new Told(
                key,
                commit,
                answer.hasReference() ? answer.reference().strip() : null,
                answer.total(),
                answer.currency(),
                answer.absent(),
                error != null && Failures.kind(error, info) == Deliveries.Failure.PERMANENT,
                error == null ? null : Failures.reason(error));
    }

    private void call(Exchange exchange) throws Exception {
        boolean commit = InvoiceConstants.COMMIT.equals(exchange.getMessage().getHeader(InvoiceConstants.OPERATION));
        String key = exchange.getMessage().getHeader(InvoiceConstants.INVOICE_KEY, String.class);
        around.call(exchange, one -> {
            try {
                route.process(one);
            } catch (Exception e) {
                one.setException(e);
            }
            told.add(heard(one, key, commit));
        });
    }

    private Told heard(Exchange exchange, String key, boolean commit) {
        Message message = exchange.getMessage();
        Exception error = exchange.getException();
        Object reference = message.getHeader(InvoiceConstants.ERP_REFERENCE);
        Object total = message.getHeader(InvoiceConstants.ERP_TOTAL);
        Object currency = message.getHeader(InvoiceConstants.ERP_CURRENCY);
        return new Told(
                key,
                commit,
                error != null || reference == null ? null : reference.toString().strip(),
                total == null ? null : total.toString(),
                currency == null ? null : currency.toString(),
                InvoiceConstants.ABSENT.equals(message.getHeader(InvoiceConstants.LOOKUP)),
                error != null && Failures.kind(error, info) == Deliveries.Failure.PERMANENT,
                error == null ? null : Failures.reason(error));
    }

    /** Time has passed: it is due, no call of it runs any more, and nothing else of the lane is in its way. */
    private void makeDue(IssuedDocument document) throws SQLException {
        String sql =
                """
                update delivery set due_at = case when document = ? then ? else 'infinity' end, calm_at = clock_timestamp()
                 where state in ('pending', 'retrying', 'in-doubt') and due_at < 'infinity'
                """;
        Transactions.single(component.requireDataSource(), connection -> {
            try (PreparedStatement update = connection.prepareStatement(sql)) {
                update.setLong(1, document.id());
                update.setObject(2, SqlTime.at(stores.clock().instant()));
                return update.executeUpdate();
            }
        });
    }

    @Override
    public void close() {
        consumer.stop();
    }
}
