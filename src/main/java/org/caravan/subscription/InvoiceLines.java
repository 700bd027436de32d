package org.caravan.subscription;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.sql.DataSource;
import org.caravan.invoice.Transactions;

/** Lines of invoices, the invoice being the scope's parent. Those of what is issued never change. */
public final class InvoiceLines extends EntityStore {
    static final int QUANTITY_PLACES = 9;
    private static final int PERCENT_SHIFT = 2;
    private static final int USUAL_DIGITS = 2;
    private static final List<Field> FIELDS = List.of(
            Field.text("description", 255).must(),
            Field.of("quantity", FieldType.DECIMAL, QUANTITY_PLACES).must(),
            Field.of("price", FieldType.DECIMAL, Pricing.PRICE_PLACES).must(),
            Field.read("sub_total", FieldType.DECIMAL),
            Field.read("invoice_id", FieldType.TEXT));

    /** As callers see them. */
    private static final EntityRows ALL =
            new EntityRows(Entity.of("InvoiceLine", "merchant_invoice_line", "", FIELDS, Map.of()));

    /** As they are written. */
    static final Entity ENTITY = Entity.of("InvoiceLine", "manual_invoice_line", "", FIELDS, Map.of());

    /** The expression that reads an invoice's lines. */
    static final String SQL =
            """
            (select coalesce(jsonb_agg(jsonb_build_object('id', l.id, 'description', l.description,
                      'quantity', l.quantity::text, 'price', l.price::text, 'sub_total', l.sub_total::text,
                      'invoice_id', l.invoice_id) order by l.place), '[]')
               from merchant_invoice_line l where l.invoice_id = t.id)
            """;

    public InvoiceLines(DataSource dataSource, Clock clock) {
        super(ENTITY, dataSource, clock);
    }

    @Override
    protected Condition within(Scope scope) {
        return Condition.of("t.invoice_id = ?", scope.parent());
    }

    @Override
    public List<Entry> list(Scope scope, ListQuery query) throws SQLException {
        return Transactions.single(dataSource, connection -> {
            invoice(connection, scope);
            return ALL.list(connection, seen(scope), query);
        });
    }

    @Override
    public Entry one(Scope scope, String key) throws SQLException {
        return Transactions.single(dataSource, connection -> {
            invoice(connection, scope);
            return ALL.find(connection, seen(scope), key, false).orElseThrow(() -> Refusal.notFound("InvoiceLine"));
        });
    }

    private static Condition seen(Scope scope) {
        return Condition.of("t.invoice_id = ?", scope.parent());
    }

    private static void invoice(Connection connection, Scope scope) throws SQLException {
        String sql = "select from merchant_invoice where id = ? and merchant_id = ?";
        boolean there = scope.customer() == null
                ? EntityRows.isThere(connection, sql, scope.parent(), scope.merchant())
                : EntityRows.isThere(
                        connection, sql + " and customer_id = ?", scope.parent(), scope.merchant(), scope.customer());
        if (!there) {
            throw Refusal.notFound("Invoice");
        }
    }

    /** Sees to it that the invoice is a draft, and stays one until the transaction ends. */
    static void draft(Connection connection, Scope scope) throws SQLException {
        String state = EntityRows.ask(
                connection,
                "select state from manual_invoice where id = ? and merchant_id = ? for no key update",
                scope.parent(),
                scope.merchant());
        if (state == null) {
            invoice(connection, scope);
        }
        if (!"draft".equals(state)) {
            throw Refusal.inUse("Invoice is issued, and its lines never change; void it and make another one.");
        }
    }

    @Override
    protected void fill(Connection connection, Scope scope, Entry given) throws SQLException {
        draft(connection, scope);
        given.put("invoice_id", scope.parent());
        given.put("sub_total", subTotal(connection, scope.parent(), given.decimal("quantity"), given.decimal("price")));
    }

    @Override
    protected void change(Connection connection, Scope scope, Entry now, Entry changes) throws SQLException {
        draft(connection, scope);
        BigDecimal quantity = changes.has("quantity") ? changes.decimal("quantity") : now.decimal("quantity");
        BigDecimal price = changes.has("price") ? changes.decimal("price") : now.decimal("price");
        changes.put("sub_total", subTotal(connection, scope.parent(), quantity, price));
    }

    @Override
    protected void written(Connection connection, Scope scope, Entry given, boolean isNew) throws SQLException {
        total(connection, scope.parent(), now());
    }

    @Override
    protected void remove(Connection connection, Scope scope, Entry now) throws SQLException {
        draft(connection, scope);
        EntityRows.run(connection, "delete from manual_invoice_line where id = ?", now.text("id"));
        total(connection, scope.parent(), now());
    }

    /** Issued lines are none of this table's, but they are there. */
    @Override
    public Entry update(Scope scope, String key, Entry changes) throws SQLException {
        one(scope, key);
        Transactions.call(dataSource, connection -> {
            draft(connection, scope);
            return null;
        });
        return super.update(scope, key, changes);
    }

    @Override
    public void delete(Scope scope, String key) throws SQLException {
        one(scope, key);
        Transactions.call(dataSource, connection -> {
            draft(connection, scope);
            return null;
        });
        super.delete(scope, key);
    }

    private static BigDecimal subTotal(Connection connection, String invoice, BigDecimal quantity, BigDecimal price)
            throws SQLException {
        return rounded(
                quantity.multiply(price),
                EntityRows.ask(connection, "select currency from manual_invoice where id = ?", invoice));
    }

    /** Sums an invoice up: each figure is rounded once. */
    static void total(Connection connection, String invoice, Instant now) throws SQLException {
        String currency = EntityRows.ask(connection, "select currency from manual_invoice where id = ?", invoice);
        BigDecimal percentage = new BigDecimal(
                EntityRows.ask(connection, "select tax_percentage from manual_invoice where id = ?", invoice));
        BigDecimal sum = rounded(
                new BigDecimal(EntityRows.ask(
                        connection,
                        "select coalesce(sum(sub_total), 0) from manual_invoice_line where invoice_id = ?",
                        invoice)),
                currency);
        BigDecimal tax = rounded(sum.multiply(percentage).movePointLeft(PERCENT_SHIFT), currency);
        EntityRows.run(
                connection,
                "update manual_invoice set sub_total = ?, tax_total = ?, total = ?, updated_at = ? where id = ?",
                sum,
                tax,
                sum.add(tax),
                now,
                invoice);
    }

    private static BigDecimal rounded(BigDecimal amount, String currency) {
        return amount.setScale(digits(currency), RoundingMode.HALF_UP);
    }

    private static int digits(String currency) {
        try {
            return Math.max(
                    0, Currency.getInstance(currency.toUpperCase(Locale.ROOT)).getDefaultFractionDigits());
        } catch (IllegalArgumentException e) {
            return USUAL_DIGITS;
        }
    }
}
