package org.caravan.api.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import org.caravan.api.http.Policy;
import org.caravan.api.http.Request;
import org.caravan.api.http.RoutingTable;
import org.caravan.subscription.Entry;
import org.caravan.subscription.EntryReader;
import org.caravan.subscription.Refusal;
import org.caravan.subscription.Scope;
import org.caravan.subscription.Subscriptions;

/** Subscriptions, which are made with or without their projects. */
final class SubscriptionRoutes {
    private static final String PATH = "/merchants/{merchant_id}/subscriptions";
    private static final String ONE = "subscription_id";
    private static final String PROVISION = "provision";
    private static final String USER = "user_id";
    private static final String KEY = "idempotency-key";
    private static final int LONGEST_KEY = 255;
    private static final int CREATED = 202;

    private final Subscriptions store;
    private final boolean provisioning;
    private final EntityRoutes routes;

    /** @param provisioning true if there is a Keystone where projects are made */
    SubscriptionRoutes(Subscriptions store, Scopes scopes, boolean provisioning, int max) {
        this.store = store;
        this.provisioning = provisioning;
        this.routes = new EntityRoutes(store, request -> scopes.of(request, null), max, "customer_id", "plan_id");
    }

    void addTo(RoutingTable.Builder table) {
        EntityRoutes.Who who = EntityRoutes.Who.of(Policy.CUSTOMER, Policy.CUSTOMER);
        routes.addList(table, PATH, who.read());
        table.add(
                "POST",
                PATH,
                who.create(),
                routes.handler((request, scope) -> routes.json(CREATED, create(request, scope))));
        routes.addOne(table, PATH + "/{" + ONE + "}", ONE, who);
        routes.addPut(table, PATH + "/{" + ONE + "}", ONE, who.update());
    }

    private Entry create(Request request, Scope scope) throws SQLException {
        JsonNode body = EntityRoutes.body(request);
        if (!isProvision(request)) {
            return store.create(scope, EntryReader.create(store.entity(), body));
        }
        if (!provisioning) {
            throw Refusal.of(
                    Refusal.Kind.BAD_REQUEST,
                    "This hub makes no projects: its operator has not set caravan.keystone.url.");
        }
        ObjectNode rest = body.deepCopy();
        JsonNode user = rest.remove(USER);
        if (user == null || !user.isTextual() || user.textValue().isBlank()) {
            throw Refusal.invalid(USER, "is needed: whose projects are they?");
        }
        // a customer gives rights to nobody but itself
        if (scope.customer() != null
                && !user.textValue().equals(request.caller().user())) {
            throw Refusal.of(Refusal.Kind.FORBIDDEN, "Only the merchant may make projects for another user.");
        }
        String key = request.header(KEY);
        if (key != null && (key.isBlank() || key.length() > LONGEST_KEY)) {
            throw Refusal.of(
                    Refusal.Kind.BAD_REQUEST, "Idempotency-Key must have 1 to " + LONGEST_KEY + " characters.");
        }
        return store.provision(scope, EntryReader.create(store.entity(), rest), user.textValue(), key);
    }

    private static boolean isProvision(Request request) {
        for (String name : request.query().keySet()) {
            if (!name.equals(PROVISION)) {
                throw Refusal.of(Refusal.Kind.BAD_REQUEST, "Only provision=true is taken here.");
            }
        }
        String said = request.argument(PROVISION);
        if (said == null || said.equalsIgnoreCase("false")) {
            return false;
        }
        if (said.equalsIgnoreCase("true")) {
            return true;
        }
        throw Refusal.of(Refusal.Kind.BAD_REQUEST, "provision must be true or false.");
    }
}
