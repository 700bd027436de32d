package org.caravan.subscription;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

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

    public Subscriptions(DataSource dataSource, Clock clock) {
        super(ENTITY, dataSource, clock);
    }

    @Override
    protected Condition within(Scope scope) {
        Condition own = Condition.of("t.merchant_id = ?", scope.merchant());
        return scope.customer() == null ? own : own.and("t.customer_id = ?", scope.customer());
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
        if (given.get(RESOURCE) != null) {
            tie(connection, scope, given, now());
        }
    }

    @Override
    protected void change(Connection connection, Scope scope, Entry now, Entry changes) throws SQLException {
        if (now.get("ended_at") != null && !changes.names().isEmpty()) {
            throw Refusal.inUse("Subscription has ended and changes no more; make another one.");
        }
        payment(connection, now.text("customer_id"), changes);
        billingDay(changes);
        if (now.get(RESOURCE) != null) {
            for (String name : new String[] {RESOURCE, RESOURCE_TYPE}) {
                if (changes.has(name) && !Same.values(now.get(name), changes.get(name))) {
                    throw Refusal.invalid(name, "is tied; end this subscription and make another one");
                }
                changes.take(name);
            }
        } else if (changes.get(RESOURCE) != null) {
            changes.otherwise(RESOURCE_TYPE, now.get(RESOURCE_TYPE));
            tie(connection, scope, changes, now.time("created_at"));
        }
    }

    /** Whoever ties a tenant gets its usage: that is for the merchant to say. */
    private static void tie(Connection connection, Scope scope, Entry given, Instant created) throws SQLException {
        if (scope.customer() != null) {
            throw Refusal.of(Refusal.Kind.FORBIDDEN, "Only the merchant may tie a subscription to a resource.");
        }
        if (given.text(RESOURCE).isBlank()) {
            throw Refusal.invalid(RESOURCE, "must not be empty");
        }
        given.otherwise(RESOURCE_TYPE, TENANT);
        // usage of before is claimed, but none that another subscription had
        OffsetDateTime from = OffsetDateTime.ofInstant(created, ZoneOffset.UTC);
        String other = EntityRows.ask(
                connection,
                """
                select to_char(max(ended_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') from subscription
                 where resource_id = ? and resource_type = ? and ended_at > ?
                """,
                given.text(RESOURCE),
                given.text(RESOURCE_TYPE),
                from);
        given.put("tied_from", other == null ? created : Instant.parse(other));
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
    protected void remove(Connection connection, Scope scope, Entry now) throws SQLException {
        if (now.get("ended_at") == null) {
            EntityRows.run(
                    connection,
                    "update subscription set ended_at = ?, updated_at = ? where id = ?",
                    now(),
                    now(),
                    now.text("id"));
        }
    }

    @Override
    protected Refusal duplicate() {
        return Refusal.of(Refusal.Kind.DUPLICATE, "This resource is tied to an open subscription already.");
    }
}
