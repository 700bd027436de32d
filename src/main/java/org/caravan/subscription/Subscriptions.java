package org.caravan.subscription;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.caravan.invoice.Transactions;
import org.caravan.subscription.provision.Provisioning;
import org.caravan.subscription.provision.ProvisioningRefused;

/** Customers on plans, each tied to a cloud tenant once that is there. */
public final class Subscriptions extends EntityStore {
    /** What a resource is unless said. */
    public static final String TENANT = "tenant";

    private static final String RESOURCE = "resource_id";
    private static final String RESOURCE_TYPE = "resource_type";
    private static final String PAYMENT = "payment_method_id";
    private static final int LAST_DAY = 31;
    private static final Entity ENTITY = Entity.of(
            "Subscription",
            "subscription",
            """
            join customer c on c.id = t.customer_id join plan p on p.id = t.plan_id
            left join provisioning v on v.subscription_id = t.id
            """,
            List.of(
                    Field.text("customer_id", 255).must().once(),
                    Field.text("plan_id", 255).must().once(),
                    Field.text(RESOURCE, 255),
                    Field.text(RESOURCE_TYPE, 255),
                    Field.of("billing_day", FieldType.INTEGER, 0),
                    Field.text(PAYMENT, 255),
                    Field.read("merchant_id", FieldType.TEXT),
                    Field.read("customer_name", FieldType.TEXT, "c.name"),
                    Field.read("customer_title", FieldType.TEXT, "c.title"),
                    Field.read("plan_name", FieldType.TEXT, "p.name"),
                    Field.read("plan_title", FieldType.TEXT, "p.title"),
                    Field.read("provisioning_state", FieldType.TEXT, "v.state"),
                    Field.read("tied_from", FieldType.TIME),
                    Field.read("ended_at", FieldType.TIME)),
            Map.of("customer", "customer_id", "plan", "plan_id", "resource", RESOURCE));

    private final Tying tying;

    public Subscriptions(DataSource dataSource, Clock clock, Tying tying) {
        super(ENTITY, dataSource, clock);
        this.tying = tying;
    }

    @Override
    protected Condition within(Scope scope) {
        Condition own = Condition.of("t.merchant_id = ?", scope.merchant());
        return scope.customer() == null ? own : own.and("t.customer_id = ?", scope.customer());
    }

    @Override
    public Entry create(Scope scope, Entry given) throws SQLException {
        Entry row = given.copy();
        String resource = (String) row.take(RESOURCE);
        if (resource == null) {
            return super.create(scope, row);
        }
        checkTie(scope, resource);
        String type = (String) row.take(RESOURCE_TYPE);
        String id = super.create(scope, row).text("id");
        try {
            tying.tie(id, type == null ? TENANT : type, resource);
        } catch (Refusal e) {
            // nobody was told of it yet
            changing(connection -> EntityRows.run(connection, "delete from subscription where id = ?", id));
            throw e;
        }
        return one(scope, id);
    }

    /**
     * Makes a subscription whose projects the hub makes, too; it is tied once they are there. The same order again, by its
     * key, is answered with the subscription that it made.
     *
     * @param user id of the user at Keystone who gets the roles
     * @param key of whoever orders, or null
     */
    public Entry provision(Scope scope, Entry given, String user, String key) throws SQLException {
        if (given.get(RESOURCE) != null) {
            throw Refusal.invalid(RESOURCE, "is the project that is made; leave it out, or make it without provision");
        }
        // keys of two merchants have nothing to do with each other
        String known = key == null ? null : scope.merchant() + ":" + key;
        try {
            return changing(connection -> {
                String made = Provisioning.byKey(connection, known).orElse(null);
                if (made != null) {
                    Entry before = get(connection, scope, made, false);
                    if (!before.get("customer_id").equals(given.get("customer_id"))
                            || !before.get("plan_id").equals(given.get("plan_id"))) {
                        throw Refusal.of(
                                Refusal.Kind.DUPLICATE, "This Idempotency-Key was used for another subscription.");
                    }
                    return before;
                }
                String id = create(connection, scope, given).text("id");
                Provisioning.start(connection, id, user, known, clock);
                return get(connection, scope, id, false);
            });
        } catch (ProvisioningRefused e) {
            throw e.isConflict()
                    ? Refusal.of(Refusal.Kind.DUPLICATE, "This Idempotency-Key was used for another subscription.")
                    : Refusal.invalid("user_id", "is needed: whose projects are they?");
        }
    }

    @Override
    protected void fill(Connection connection, Scope scope, Entry given) throws SQLException {
        References.merchant(connection, scope.merchant());
        String customer = given.text("customer_id");
        if (scope.customer() != null && !scope.customer().equals(customer)) {
            throw Refusal.invalid("customer_id", "is no customer of this merchant");
        }
        References.within(connection, "customer_id", "customer", scope.merchant(), customer);
        References.within(connection, "plan_id", "plan", scope.merchant(), given.text("plan_id"));
        payment(connection, customer, given);
        given.put("merchant_id", scope.merchant());
        given.otherwise("billing_day", now().atOffset(ZoneOffset.UTC).getDayOfMonth());
        billingDay(given);
    }

    @Override
    public Entry update(Scope scope, String key, Entry given) throws SQLException {
        Entry now = one(scope, key);
        Entry changes = changes(now, given);
        boolean tied = now.get(RESOURCE) != null || changes.get(RESOURCE) != null;
        String resource = changes.has(RESOURCE) ? changes.text(RESOURCE) : now.text(RESOURCE);
        String type = changes.get(RESOURCE_TYPE) != null
                ? changes.text(RESOURCE_TYPE)
                : now.get(RESOURCE_TYPE) != null ? now.text(RESOURCE_TYPE) : TENANT;
        if (!tied) {
            return super.update(scope, key, given);
        }
        changes.take(RESOURCE);
        changes.take(RESOURCE_TYPE);
        if (!Same.values(now.get(RESOURCE), resource) || !Same.values(now.get(RESOURCE_TYPE), type)) {
            checkTie(scope, resource);
            // all else first, as far as it can be known: what is refused changes nothing
            Transactions.single(dataSource, connection -> {
                change(connection, scope, now, changes.copy());
                return null;
            });
            tying.tie(now.text("id"), type, resource);
        }
        return changes.names().isEmpty() ? one(scope, key) : super.update(scope, key, changes);
    }

    /** Whoever ties a tenant gets its usage: that is for the merchant to say. */
    private static void checkTie(Scope scope, String resource) {
        if (scope.customer() != null) {
            throw Refusal.of(Refusal.Kind.FORBIDDEN, "Only the merchant may tie a subscription to a resource.");
        }
        if (resource != null && resource.isBlank()) {
            throw Refusal.invalid(RESOURCE, "must not be empty");
        }
    }

    @Override
    protected void change(Connection connection, Scope scope, Entry now, Entry changes) throws SQLException {
        if (now.get("ended_at") != null && !changes.names().isEmpty()) {
            throw Refusal.inUse("Subscription has ended and changes no more; make another one.");
        }
        payment(connection, now.text("customer_id"), changes);
        billingDay(changes);
    }

    private static void payment(Connection connection, String customer, Entry given) throws SQLException {
        if (given.get(PAYMENT) != null
                && EntityRows.ask(
                                connection,
                                "select id from payment_method where id = ? and customer_id = ? for share",
                                given.text(PAYMENT),
                                customer)
                        == null) {
            throw Refusal.invalid(PAYMENT, "is no payment method of this customer");
        }
    }

    private static void billingDay(Entry given) {
        Integer day = given.integer("billing_day");
        if (given.has("billing_day") && (day == null || day < 1 || day > LAST_DAY)) {
            throw Refusal.invalid("billing_day", "must be a day of the month, 1 to " + LAST_DAY);
        }
    }

    /** Ends it: what was used until then is still billed. */
    @Override
    public void delete(Scope scope, String key) throws SQLException {
        tying.end(one(scope, key).text("id"));
    }

    @Override
    protected void remove(Connection connection, Scope scope, Entry now) {
        throw new IllegalStateException("ended, not removed");
    }
}
