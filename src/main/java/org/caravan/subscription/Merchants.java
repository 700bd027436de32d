package org.caravan.subscription;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.caravan.invoice.Transactions;

/** Sellers. */
public final class Merchants extends EntityStore {
    private static final String GATEWAY = "default_gateway";
    private static final Entity ENTITY = Entity.of(
            "Merchant",
            "merchant",
            "",
            List.of(
                    Field.text("name", 60).must(),
                    Field.text("title", 60),
                    Field.text("currency", 10).must(),
                    Field.text("language", 10).must(),
                    Field.text(GATEWAY, 255)),
            Map.of());

    public Merchants(DataSource dataSource, Clock clock) {
        super(ENTITY, dataSource, clock);
    }

    /** @param scope its merchant is the only one that is seen; null for all */
    @Override
    protected Condition within(Scope scope) {
        Condition live = Condition.of("t.deleted_at is null");
        return scope.merchant() == null ? live : live.and("t.id = ?", scope.merchant());
    }

    /** The id of the merchant that a person names by id or name. */
    public Optional<String> find(String idOrName) throws SQLException {
        return Transactions.single(
                dataSource,
                connection -> Optional.ofNullable(EntityRows.ask(
                        connection,
                        "select id from merchant where deleted_at is null and (id = ? or name = ?)"
                                + " order by id <> ? limit 1",
                        idOrName,
                        idOrName,
                        idOrName)));
    }

    /** True if there is this merchant. */
    public boolean isThere(String id) throws SQLException {
        return Transactions.single(
                dataSource,
                connection ->
                        EntityRows.isThere(connection, "select from merchant where id = ? and deleted_at is null", id));
    }

    @Override
    protected void fill(Connection connection, Scope scope, Entry given) throws SQLException {
        change(connection, scope, given, given);
    }

    @Override
    protected void change(Connection connection, Scope scope, Entry now, Entry changes) throws SQLException {
        if (changes.has("currency")) {
            changes.put("currency", References.currency(connection, "currency", changes.text("currency")));
        }
        if (changes.has("language")) {
            changes.put("language", References.language(connection, "language", changes.text("language")));
        }
        String gateway = changes.text(GATEWAY);
        if (gateway != null
                && !EntityRows.isThere(
                        connection,
                        "select from payment_config where id = ? and merchant_id = ?",
                        gateway,
                        now.text("id"))) {
            throw Refusal.invalid(GATEWAY, "is no payment gateway configuration of this merchant");
        }
    }

    @Override
    protected void remove(Connection connection, Scope scope, Entry now) throws SQLException {
        References.notBilled(connection, "Merchant", "merchant_id", now.text("id"));
        hide(connection, now);
    }
}
