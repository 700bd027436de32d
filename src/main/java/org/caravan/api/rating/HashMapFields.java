package org.caravan.api.rating;

import java.util.Set;
import org.caravan.api.http.Answer;
import org.caravan.api.http.Request;
import org.caravan.api.http.RoutingTable;
import org.caravan.rating.store.Fields;

/** {@code fields} of services. */
final class HashMapFields {
    private static final String ID = "field_id";
    private static final String SERVICE = "service_id";
    private static final Set<String> ATTRIBUTES = Set.of(ID, "name", SERVICE);
    private static final int MAX_NAME = 255;

    private final Fields fields;
    private final RatingSettings settings;

    HashMapFields(Backend backend) {
        this.fields = new Fields(backend.ledger(), backend.clock());
        this.settings = backend.settings();
    }

    void addTo(RoutingTable.Builder routes) {
        HashMapRoute.add(routes, "GET", "/fields", this::list);
        HashMapRoute.add(routes, "GET", "/fields/{field_id}", this::get);
        HashMapRoute.add(routes, "POST", "/fields", this::create);
        HashMapRoute.add(routes, "DELETE", "/fields", this::delete);
        HashMapRoute.add(routes, "DELETE", "/fields/{field_id}", this::delete);
    }

    private Answer list(Request request) throws Exception {
        Arguments.of(request, SERVICE, ID);
        return request.argument(ID) != null
                ? get(request)
                : HashMapJson.list(
                        "fields", fields.list(Ids.of(request, SERVICE), settings.maxList()), HashMapJson::field);
    }

    private Answer get(Request request) throws Exception {
        Arguments.of(request, SERVICE, ID);
        return HashMapJson.one(fields.get(Ids.of(request, ID)), HashMapJson::field);
    }

    private Answer create(Request request) throws Exception {
        Arguments.of(request);
        Body body = Body.of(request, "field_data", ATTRIBUTES);
        body.uuid(ID);
        String name = body.neededText("name", MAX_NAME);
        body.needed(SERVICE);
        Fields.Field made = fields.create(name, body.uuid(SERVICE));
        return HashMapRoute.created(request, made, HashMapJson::field, made.id());
    }

    private Answer delete(Request request) throws Exception {
        Arguments.of(request, ID);
        Ids.argument(request, ID, ID);
        fields.delete(Ids.of(request, ID), request.caller().user());
        return Answer.empty(204);
    }
}
