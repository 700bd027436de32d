package org.caravan.subscription;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/** The states that an invoice may be in: those that the hub knows, and what operators add for their merchants. */
public final class InvoiceStates extends EntityStore {
    /** The states that come along; they can't be removed. */
    static final Set<String> OURS = Set.of("draft", "pending", "completed", "failed", "paid", "void");

    private static final Entity ENTITY = Entity.keyed(
            "InvoiceState",
            "invoice_state",
            "",
            "name",
            List.of(
                    Field.text("name", 60).must().once(),
                    Field.text("title", 100).must(),
                    Field.text("description", 255)));

    public InvoiceStates(DataSource dataSource, Clock clock) {
        super(ENTITY, dataSource, clock);
    }

    @Override
    protected Condition within(Scope scope) {
        return Condition.of("true");
    }

    @Override
    protected void remove(Connection connection, Scope scope, Entry now) throws SQLException {
        String name = now.text("name");
        if (OURS.contains(name)
                || EntityRows.isThere(connection, "select from invoice_status where state = ?", name)
                || EntityRows.isThere(connection, "select from manual_invoice where state = ?", name)) {
            throw Refusal.inUse("InvoiceState is one that the hub itself uses, or that invoices are in.");
        }
        EntityRows.run(connection, "delete from invoice_state where name = ?", name);
    }
}
