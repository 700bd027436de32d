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

/** Merchants' settings for payment gateways; each is checked by its plug-in when it is made or changed. */
public final class PaymentConfigs extends EntityStore {
    /** Stands for a secret in answers; sent back, it means no change. */
    static final String HIDDEN = "********";

    private static final String PROPERTIES = "properties";
    private static final Entity ENTITY = Entity.of(
            "PGConfig",
            "payment_config",
            "",
            List.of(
                    Field.text("name", 60).must(),
                    Field.text("title", 100),
                    Field.of(PROPERTIES, FieldType.PROPERTIES, 0),
                    Field.read("merchant_id", FieldType.TEXT),
                    Field.text("provider_id", 255).in("provider").must().once(),
                    Field.read("state", FieldType.TEXT)),
            Map.of());

    private final PaymentPlugins plugins;

    public PaymentConfigs(DataSource dataSource, Clock clock, PaymentPlugins plugins) {
        super(ENTITY, dataSource, clock);
        this.plugins = plugins;
    }

    @Override
    protected Condition within(Scope scope) {
        return Condition.of("t.merchant_id = ?", scope.merchant());
    }

    private PaymentPlugin plugin(String provider) {
        return plugins.find(provider)
                .orElseThrow(() -> Refusal.invalid(
                        "provider_id",
                        "is no provider here; GET /payment_gateway_providers lists those that there are"));
    }

    @Override
    protected Entry shown(Entry entry) {
        PaymentPlugin plugin = plugins.find(entry.text("provider_id")).orElse(null);
        ObjectNode properties = (ObjectNode) entry.json(PROPERTIES);
        ObjectNode shown = JsonNodeFactory.instance.objectNode();
        properties.fields().forEachRemaining(property -> {
            boolean secret = plugin == null
                    ? PaymentPlugin.SECRET.matcher(property.getKey()).matches()
                    : plugin.isSecret(property.getKey());
            if (secret) {
                shown.put(property.getKey(), HIDDEN);
            } else {
                shown.set(property.getKey(), property.getValue());
            }
        });
        return entry.copy().put(PROPERTIES, shown);
    }

    @Override
    protected void fill(Connection connection, Scope scope, Entry given) throws SQLException {
        References.merchant(connection, scope.merchant());
        PaymentPlugin plugin = plugin(given.text("provider_id"));
        given.put("merchant_id", scope.merchant());
        given.put("state", PaymentState.PENDING.name());
        given.otherwise(PROPERTIES, JsonNodeFactory.instance.objectNode());
        check(given);
        given.put(PROPERTIES, plugin.seal((ObjectNode) given.json(PROPERTIES)));
    }

    @Override
    protected void change(Connection connection, Scope scope, Entry now, Entry changes) {
        check(changes);
        if (changes.has(PROPERTIES)) {
            ObjectNode merged = (ObjectNode) changes.json(PROPERTIES);
            now.json(PROPERTIES).fields().forEachRemaining(kept -> {
                if (merged.path(kept.getKey()).asText().equals(HIDDEN)) {
                    merged.set(kept.getKey(), kept.getValue());
                }
            });
            changes.put(PROPERTIES, plugin(now.text("provider_id")).seal(merged));
            changes.put("state", PaymentState.PENDING.name());
        }
    }

    private static void check(Entry given) {
        String problem = given.get(PROPERTIES) == null ? null : CardData.problem(given.json(PROPERTIES));
        if (problem != null) {
            throw Refusal.invalid(PROPERTIES, problem);
        }
    }

    @Override
    public Entry create(Scope scope, Entry given) throws SQLException {
        return verified(scope, super.create(scope, given));
    }

    @Override
    public Entry update(Scope scope, String key, Entry changes) throws SQLException {
        return verified(scope, super.update(scope, key, changes));
    }

    /** Lets the plug-in check what is not checked yet; a kill in between leaves it to the next change. */
    private Entry verified(Scope scope, Entry made) throws SQLException {
        String id = made.text("id");
        String state = made.text("state");
        if (!state.equals(PaymentState.PENDING.name()) && !state.equals(PaymentState.VERIFYING.name())) {
            return made;
        }
        ObjectNode sealed = Transactions.call(dataSource, connection -> {
            move(connection, id, PaymentState.VERIFYING);
            return sealed(connection, scope, id);
        });
        boolean takes = plugin(made.text("provider_id")).verify(sealed);
        Transactions.call(dataSource, connection -> {
            move(connection, id, takes ? PaymentState.ACTIVE : PaymentState.INVALID);
            return null;
        });
        return one(scope, id);
    }

    /** The sealed properties, which only the plug-in is to see. */
    ObjectNode sealed(Connection connection, Scope scope, String id) throws SQLException {
        return (ObjectNode) get(connection, new Scope(scope.merchant(), null, null), id, false)
                .json(PROPERTIES);
    }

    private static void move(Connection connection, String id, PaymentState to) throws SQLException {
        EntityRows.run(
                connection,
                "update payment_config set state = ? where id = ? and state in ('PENDING', 'VERIFYING')",
                to.name(),
                id);
    }

    @Override
    protected void remove(Connection connection, Scope scope, Entry now) throws SQLException {
        String id = now.text("id");
        if (EntityRows.isThere(connection, "select from payment_method where config_id = ?", id)
                || EntityRows.isThere(connection, "select from merchant where default_gateway = ?", id)) {
            throw Refusal.inUse("PGConfig is the merchant's default gateway, or customers have payment methods at it.");
        }
        EntityRows.run(connection, "delete from payment_config where id = ?", id);
    }
}
