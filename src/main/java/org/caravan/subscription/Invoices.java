package org.caravan.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.caravan.invoice.Transactions;

/**
 * Invoices of a merchant's customers: the documents that their months were closed with, and what the merchant writes by hand.
 * Of what is issued only state and due date change.
 */
public final class Invoices extends EntityStore {
    private static final String STATE = "state";
    private static final String DRAFT = "draft";
    private static final String PENDING = "pending";
    private static final String VOID = "void";
    private static final int MAX_LINES = 1_000;
    private static final int PERCENT_PLACES = 4;

    private static final List<Field> FIELDS = List.of(
            Field.read("identifier", FieldType.TEXT),
            Field.of("due", FieldType.TIME, 0),
            Field.read("sub_total", FieldType.DECIMAL),
            Field.read("discount", FieldType.DECIMAL),
            Field.of("tax_percentage", FieldType.DECIMAL, PERCENT_PLACES),
            Field.read("tax_total", FieldType.DECIMAL),
            Field.read("total", FieldType.DECIMAL),
            Field.text("customer_id", 255).must().once(),
            Field.text("currency", 10).once(),
            Field.text(STATE, 60),
            Field.read("merchant_id", FieldType.TEXT),
            Field.of("lines", FieldType.LIST, 0).elsewhere(InvoiceLines.SQL).once(),
            Field.read("number", FieldType.TEXT),
            Field.read("month", FieldType.TEXT));

    private static final Entity ENTITY =
            Entity.of("Invoice", "merchant_invoice", "", FIELDS, Map.of("customer", "customer_id"));

    private final Voiding voiding;

    /** Takes an issued document back. */
    public interface Voiding {
        /** Issues a credit note over what is left of a document; safe to be asked again. */
        void credit(String documentKey, String reason) throws SQLException;
    }

    public Invoices(DataSource dataSource, Clock clock, Voiding voiding) {
        super(ENTITY, dataSource, clock);
        this.voiding = voiding;
    }

    @Override
    protected Condition within(Scope scope) {
        Condition own = Condition.of("t.merchant_id = ?", scope.merchant());
        // a draft is the merchant's alone
        return scope.customer() == null ? own : own.and("t.customer_id = ? and t.state <> 'draft'", scope.customer());
    }

    @Override
    public Entry create(Scope scope, Entry given) throws SQLException {
        String state = given.text(STATE) == null ? DRAFT : given.text(STATE);
        if (!state.equals(DRAFT) && !state.equals(PENDING)) {
            throw Refusal.invalid(STATE, "must be draft, or pending to issue it at once");
        }
        return changing(connection -> {
            References.merchant(connection, scope.merchant());
            String customer = given.text("customer_id");
            References.within(connection, "customer_id", "customer", scope.merchant(), customer);
            String currency = given.get("currency") == null
                    ? EntityRows.ask(connection, "select currency from customer where id = ?", customer)
                    : References.currency(connection, "currency", given.text("currency"));
            String id = UUID.randomUUID().toString();
            EntityRows.run(
                    connection,
                    """
                    insert into manual_invoice (id, merchant_id, customer_id, currency, state, due, tax_percentage, created_at,
                                                updated_at) values (?, ?, ?, ?, 'draft', ?, ?, ?, ?)
                    """,
                    id,
                    scope.merchant(),
                    customer,
                    currency,
                    given.get("due"),
                    percentage(given, BigDecimal.ZERO),
                    now(),
                    now());
            lines(connection, new Scope(scope.merchant(), null, id), given.json("lines"));
            if (state.equals(PENDING)) {
                issue(connection, scope.merchant(), id);
            }
            return get(connection, scope, id, false);
        });
    }

    private void lines(Connection connection, Scope invoice, JsonNode lines) throws SQLException {
        if (lines == null) {
            return;
        }
        if (!lines.isArray() || lines.size() > MAX_LINES) {
            throw Refusal.invalid("lines", "must be a list of at most " + MAX_LINES);
        }
        InvoiceLines store = new InvoiceLines(dataSource, clock);
        int place = 0;
        for (JsonNode line : lines) {
            place++;
            try {
                store.create(connection, invoice, EntryReader.create(InvoiceLines.ENTITY, line));
            } catch (Refusal e) {
                throw Refusal.invalid("lines", "line " + place + ": " + e.getMessage());
            }
        }
    }

    private static BigDecimal percentage(Entry given, BigDecimal otherwise) {
        BigDecimal percentage = given.decimal("tax_percentage");
        if (percentage != null && percentage.signum() < 0) {
            throw Refusal.invalid("tax_percentage", "must not be negative");
        }
        return percentage == null ? otherwise : percentage;
    }

    private void issue(Connection connection, String merchant, String id) throws SQLException {
        if (!EntityRows.isThere(connection, "select from manual_invoice_line where invoice_id = ?", id)) {
            throw Refusal.invalid("lines", "an invoice without lines is not issued");
        }
        EntityRows.run(
                connection,
                "update manual_invoice set state = 'pending', identifier = ?, updated_at = ? where id = ?",
                MerchantSeries.take(connection, merchant),
                now(),
                id);
    }

    @Override
    public Entry update(Scope scope, String key, Entry given) throws SQLException {
        Entry invoice = one(scope, key);
        Entry changes = changes(invoice, given);
        if (Same.values(invoice.get("tax_percentage"), changes.get("tax_percentage"))) {
            changes.take("tax_percentage");
        }
        String to = changes.text(STATE);
        String document = Transactions.single(
                dataSource,
                connection ->
                        EntityRows.ask(connection, "select document_key from merchant_invoice where id = ?", key));
        if (document == null) {
            return changing(connection -> {
                draftOrIssued(connection, scope, key, changes);
                return get(connection, scope, key, false);
            });
        }
        if (changes.has("tax_percentage")) {
            throw Refusal.inUse("Invoice is issued: only its state and due date change.");
        }
        check(invoice.text(STATE), to);
        if (VOID.equals(to)) {
            voiding.credit(document, "voided by its merchant");
        }
        return changing(connection -> {
            issued(connection, document, changes);
            return get(connection, scope, key, false);
        });
    }

    /** Voiding is final, and so is being issued. */
    private static void check(String from, String to) {
        if (to == null || to.equals(from)) {
            return;
        }
        if (from.equals(VOID) || to.equals(DRAFT)) {
            throw Refusal.inUse("Invoice is " + from + " and does not become " + to + " any more.");
        }
    }

    private void issued(Connection connection, String document, Entry changes) throws SQLException {
        String from = EntityRows.ask(
                connection, "select state from invoice_status where document_key = ? for no key update", document);
        String to = state(connection, changes, from);
        check(from, to);
        boolean paid = to.equals("completed") || to.equals("paid");
        EntityRows.run(
                connection,
                """
                update invoice_status
                   set state = ?, paid = ?, paid_at = case when ? then coalesce(paid_at, ?) end,
                       due = case when ? then ? else due end, updated_at = ?
                 where document_key = ?
                """,
                to,
                paid,
                paid,
                now(),
                changes.has("due"),
                changes.get("due"),
                now(),
                document);
    }

    private static String state(Connection connection, Entry changes, String otherwise) throws SQLException {
        String to = changes.text(STATE);
        if (to == null) {
            return otherwise;
        }
        if (!EntityRows.isThere(connection, "select from invoice_state where name = ?", to)) {
            throw Refusal.invalid(STATE, "is no invoice state; GET /invoice_states lists those that there are");
        }
        return to;
    }

    private void draftOrIssued(Connection connection, Scope scope, String id, Entry changes) throws SQLException {
        String from = EntityRows.ask(
                connection,
                "select state from manual_invoice where id = ? and merchant_id = ? for no key update",
                id,
                scope.merchant());
        String to = state(connection, changes, from);
        if (!from.equals(DRAFT)) {
            if (changes.has("tax_percentage")) {
                throw Refusal.inUse("Invoice is issued: only its state and due date change.");
            }
            check(from, to);
        } else if (!to.equals(DRAFT) && !to.equals(PENDING)) {
            throw Refusal.invalid(STATE, "must be pending first: only what is issued can be paid or voided");
        }
        EntityRows.run(
                connection,
                "update manual_invoice set due = case when ? then ? else due end, updated_at = ? where id = ?",
                changes.has("due"),
                changes.get("due"),
                now(),
                id);
        if (changes.has("tax_percentage")) {
            EntityRows.run(
                    connection,
                    "update manual_invoice set tax_percentage = ? where id = ?",
                    percentage(changes, BigDecimal.ZERO),
                    id);
            InvoiceLines.total(connection, id, now());
        }
        if (from.equals(DRAFT) && to.equals(PENDING)) {
            issue(connection, scope.merchant(), id);
        } else if (!from.equals(to)) {
            EntityRows.run(connection, "update manual_invoice set state = ? where id = ?", to, id);
        }
    }

    @Override
    public void delete(Scope scope, String key) throws SQLException {
        one(scope, key);
        changing(connection -> {
            if (EntityRows.run(
                            connection,
                            "delete from manual_invoice where id = ? and merchant_id = ? and state = 'draft'",
                            key,
                            scope.merchant())
                    == 0) {
                throw Refusal.inUse("Invoice is issued and stays; take it back with PATCH {\"state\": \"void\"}.");
            }
            return null;
        });
    }

    @Override
    protected void remove(Connection connection, Scope scope, Entry now) {
        throw new IllegalStateException("deleted by itself");
    }
}
