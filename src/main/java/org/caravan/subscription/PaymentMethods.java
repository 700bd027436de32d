package org.caravan.subscription;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.caravan.invoice.Transactions;
import org.caravan.subscription.payment.CardData;
import org.caravan.subscription.payment.PaymentPlugin;
import org.caravan.subscription.payment.PaymentPlugins;

/**
 * Customers' means of payment, the customer being the scope's parent. A card's number goes to the plug-in and is forgotten:
 * its last four digits are kept.
 */
public final class PaymentMethods extends EntityStore {
    private static final String IDENTIFIER = "identifier";
    private static final String PROPERTIES = "properties";
    private static final String CONFIG = "provider_config_id";
    private static final Entity ENTITY = Entity.of(
            "PaymentMethod",
            "payment_method",
            "",
            List.of(
                    Field.text("name", 60).must(),
                    Field.text(IDENTIFIER, 255).must().once(),
                    Field.text("expires", 20),
                    Field.of(PROPERTIES, FieldType.PROPERTIES, 0),
                    Field.read("customer_id", FieldType.TEXT),
                    Field.text(CONFIG, 255).in("config_id").must().once(),
                    Field.read("state", FieldType.TEXT)),
            Map.of());

    private final PaymentPlugins plugins;
    private final PaymentConfigs configs;

    public PaymentMethods(DataSource dataSource, Clock clock, PaymentPlugins plugins, PaymentConfigs configs) {
        super(ENTITY, dataSource, clock);
        this.plugins = plugins;
        this.configs = configs;
    }

    @Override
    protected Condition within(Scope scope) {
        Condition own = Condition.of(
                "t.customer_id = ? and exists (select from customer where id = t.customer_id and merchant_id = ?"
                        + " and deleted_at is null)",
                scope.parent(),
                scope.merchant());
        return scope.customer() == null ? own : own.and("t.customer_id = ?", scope.customer());
    }

    @Override
    protected Entry shown(Entry entry) {
        return entry.copy().put(IDENTIFIER, CardData.masked(entry.text(IDENTIFIER)));
    }

    @Override
    protected void parent(Connection connection, Scope scope) throws SQLException {
        customer(connection, scope, "");
    }

    /** @param lock keeps the customer from being removed until the transaction ends */
    private static void customer(Connection connection, Scope scope, String lock) throws SQLException {
        boolean another = scope.customer() != null && !scope.customer().equals(scope.parent());
        String sql = "select id from customer where id = ? and merchant_id = ? and deleted_at is null" + lock;
        if (another || EntityRows.ask(connection, sql, scope.parent(), scope.merchant()) == null) {
            throw Refusal.notFound("Customer");
        }
    }

    @Override
    protected void fill(Connection connection, Scope scope, Entry given) throws SQLException {
        customer(connection, scope, " for share");
        if (!EntityRows.isThere(
                connection,
                "select from payment_config where id = ? and merchant_id = ?",
                given.text(CONFIG),
                scope.merchant())) {
            throw Refusal.invalid(CONFIG, "is no payment gateway configuration of this merchant");
        }
        check(given);
        String identifier = given.text(IDENTIFIER);
        given.put(IDENTIFIER, CardData.holdsNumber(identifier) ? CardData.masked(identifier) : identifier);
        given.put("customer_id", scope.parent());
        given.put("state", PaymentState.PENDING.name());
        given.otherwise(PROPERTIES, JsonNodeFactory.instance.objectNode());
    }

    @Override
    protected void change(Connection connection, Scope scope, Entry now, Entry changes) {
        check(changes);
    }

    private static void check(Entry given) {
        for (String name : new String[] {"name", "expires"}) {
            if (given.get(name) != null && CardData.holdsNumber(given.text(name))) {
                throw Refusal.invalid(name, "must not hold a card's number");
            }
        }
        String problem = given.get(PROPERTIES) == null ? null : CardData.problem(given.json(PROPERTIES));
        if (problem != null) {
            throw Refusal.invalid(PROPERTIES, problem);
        }
    }

    /** A kill before the plug-in has answered leaves the method as it is: its number is gone, so it must be made again. */
    @Override
    public Entry create(Scope scope, Entry given) throws SQLException {
        String identifier = given.text(IDENTIFIER);
        Entry made = super.create(scope, given);
        String id = made.text("id");
        Gateway gateway = Transactions.call(dataSource, connection -> {
            move(connection, id, PaymentState.VERIFYING);
            return gateway(connection, scope, id);
        });
        boolean takes =
                gateway.plugin().createMethod(gateway.sealed(), id, identifier, (ObjectNode) made.json(PROPERTIES));
        Transactions.call(dataSource, connection -> {
            move(connection, id, takes ? PaymentState.ACTIVE : PaymentState.INVALID);
            return null;
        });
        return one(scope, id);
    }

    /** A plug-in, and the configuration to call it with. */
    private record Gateway(PaymentPlugin plugin, ObjectNode sealed) {}

    private Gateway gateway(Connection connection, Scope scope, String id) throws SQLException {
        String config = EntityRows.ask(connection, "select config_id from payment_method where id = ?", id);
        String provider = EntityRows.ask(connection, "select provider from payment_config where id = ?", config);
        PaymentPlugin plugin = plugins.find(provider)
                .orElseThrow(() -> Refusal.inUse("The provider of this payment method is not installed any more."));
        return new Gateway(plugin, configs.sealed(connection, scope, config));
    }

    private static void move(Connection connection, String id, PaymentState to) throws SQLException {
        EntityRows.run(
                connection,
                "update payment_method set state = ? where id = ? and state in ('PENDING', 'VERIFYING')",
                to.name(),
                id);
    }

    /** The gateway first: if we are killed then, the same call again finds it gone there and takes it away here. */
    @Override
    public void delete(Scope scope, String key) throws SQLException {
        Gateway gateway = Transactions.call(dataSource, connection -> {
            String id = get(connection, scope, key, true).text("id");
            if (EntityRows.isThere(
                    connection, "select from subscription where payment_method_id = ? and ended_at is null", id)) {
                throw Refusal.inUse("PaymentMethod pays for open subscriptions; give them another one first.");
            }
            return gateway(connection, scope, id);
        });
        gateway.plugin().deleteMethod(gateway.sealed(), key);
        super.delete(scope, key);
    }

    @Override
    protected void remove(Connection connection, Scope scope, Entry now) throws SQLException {
        String id = now.text("id");
        if (EntityRows.isThere(
                connection, "select from subscription where payment_method_id = ? and ended_at is null", id)) {
            throw Refusal.inUse("PaymentMethod pays for open subscriptions; give them another one first.");
        }
        EntityRows.run(connection, "update subscription set payment_method_id = null where payment_method_id = ?", id);
        EntityRows.run(connection, "delete from payment_method where id = ?", id);
    }
}
