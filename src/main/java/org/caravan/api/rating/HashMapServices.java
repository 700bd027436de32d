package org.caravan.api.rating;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Set;
import org.caravan.api.http.Answer;
import org.caravan.api.http.Request;
import org.caravan.api.http.RoutingTable;
import org.caravan.rating.store.Services;

/** The types of rules, and {@code services}. */
final class HashMapServices {
    private static final String ID = "service_id";
    private static final Set<String> ATTRIBUTES = Set.of(ID, "name");
    private static final int MAX_NAME = 255;

    private final Services services;
    private final RatingSettings settings;

    HashMapServices(Backend backend) {
        this.services = new Services(backend.ledger(), backend.clock());
        this.settings = backend.settings();
    }

    void addTo(RoutingTable.Builder routes) {
        HashMapRoute.add(routes, "GET", "/types", HashMapServices::types);
        HashMapRoute.add(routes, "GET", "/services", this::list);
        HashMapRoute.add(routes, "GET", "/services/{service_id}", this::get);
        HashMapRoute.add(routes, "POST", "/services", this::create);
        HashMapRoute.add(routes, "DELETE", "/services", this::delete);
        HashMapRoute.add(routes, "DELETE", "/services/{service_id}", this::delete);
    }

    private static Answer types(Request request) {
        Arguments.of(request);
        return Answer.json(200, JsonNodeFactory.instance.arrayNode().add("flat").add("rate"));
    }

    private Answer list(Request request) throws Exception {
        Arguments.of(request, ID);
        return request.argument(ID) != null
                ? get(request)
                : HashMapJson.list("services", services.list(settings.maxList()), HashMapJson::service);
    }

    private Answer get(Request request) throws Exception {
        Arguments.of(request, ID);
        return HashMapJson.one(services.get(Ids.of(request, ID)), HashMapJson::service);
    }

    private Answer create(Request request) throws Exception {
        Arguments.of(request);
        Body body = Body.of(request, "service_data", ATTRIBUTES);
        body.uuid(ID);
        Services.Service made = services.create(body.neededText("name", MAX_NAME));
        return HashMapRoute.created(request, made, HashMapJson::service, made.id());
    }

    private Answer delete(Request request) throws Exception {
        Arguments.of(request, ID);
        Ids.argument(request, ID, ID);
        services.delete(Ids.of(request, ID), request.caller().user());
        return Answer.empty(204);
    }
}
