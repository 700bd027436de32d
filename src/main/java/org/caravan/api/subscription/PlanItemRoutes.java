package org.caravan.api.subscription;

import org.caravan.api.http.Policy;
import org.caravan.api.http.RoutingTable;
import org.caravan.subscription.EntryReader;
import org.caravan.subscription.PlanItems;

/** Products in a plan, which are made by PUT. */
final class PlanItemRoutes {
    private static final String PATH = "/merchants/{merchant_id}/plans/{plan_id}/items/{product_id}";
    private static final String PRODUCT = "product_id";

    private final PlanItems items;
    private final EntityRoutes routes;

    PlanItemRoutes(PlanItems items, Scopes scopes, int max) {
        this.items = items;
        this.routes = new EntityRoutes(items, request -> scopes.of(request, "plan_id"), max);
    }

    void addTo(RoutingTable.Builder table) {
        routes.addOne(table, PATH, PRODUCT, EntityRoutes.Who.of(Policy.CUSTOMER, Policy.MERCHANT));
        table.add("PUT", PATH, Policy.MERCHANT, routes.handler((request, scope) -> {
            EntityRoutes.noArguments(request);
            return routes.json(
                    200,
                    items.put(
                            scope,
                            request.variable(PRODUCT),
                            EntryReader.update(items.entity(), EntityRoutes.body(request))));
        }));
    }
}
