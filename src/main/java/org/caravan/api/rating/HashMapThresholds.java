package org.caravan.api.rating;

import java.util.Set;
import org.caravan.api.http.Answer;
import org.caravan.api.http.Request;
import org.caravan.api.http.RoutingTable;
import org.caravan.rating.hashmap.RuleType;
import org.caravan.rating.store.Thresholds;

/** {@code thresholds}. */
final class HashMapThresholds {
    private static final String ID = "threshold_id";
    private static final Set<String> ATTRIBUTES =
            Set.of(ID, "level", "type", "cost", "service_id", "field_id", "group_id", "tenant_id");
    private static final int MAX_TEXT = 255;

    private final Thresholds thresholds;
    private final RatingSettings settings;

    HashMapThresholds(Backend backend) {
        this.thresholds = new Thresholds(backend.ledger(), backend.currency());
        this.settings = backend.settings();
    }

    void addTo(RoutingTable.Builder routes) {
        HashMapRoute.add(routes, "GET", "/thresholds", this::list);
        HashMapRoute.add(routes, "GET", "/thresholds/{threshold_id}", this::get);
        HashMapRoute.add(routes, "POST", "/thresholds", this::create);
        HashMapRoute.add(routes, "PUT", "/thresholds", this::update);
        HashMapRoute.add(routes, "PUT", "/thresholds/{threshold_id}", this::update);
        HashMapRoute.add(routes, "DELETE", "/thresholds", this::delete);
        HashMapRoute.add(routes, "DELETE", "/thresholds/{threshold_id}", this::delete);
        HashMapRoute.add(routes, "GET", "/thresholds/group", this::group);
        HashMapRoute.add(routes, "GET", "/thresholds/group/{threshold_id}", this::group);
    }

    private Answer list(Request request) throws Exception {
        Arguments arguments = Arguments.of(
                request, ID, "service_id", "field_id", "group_id", "no_group", "tenant_id", "filter_tenant");
        if (request.argument(ID) != null) {
            return HashMapJson.one(thresholds.get(arguments.text(ID)), HashMapJson::threshold);
        }
        return HashMapJson.list(
                "thresholds",
                thresholds.list(HashMapMappings.filter(arguments).checkParent(), settings.maxList()),
                HashMapJson::threshold);
    }

    private Answer get(Request request) throws Exception {
        Arguments.of(request, ID);
        return HashMapJson.one(thresholds.get(Ids.of(request, ID)), HashMapJson::threshold);
    }

    private Answer create(Request request) throws Exception {
        Arguments.of(request);
        Thresholds.Threshold made = thresholds.create(said(Body.of(request, "threshold_data", ATTRIBUTES)));
        return HashMapRoute.created(request, made, HashMapJson::threshold, made.id());
    }

    private Answer update(Request request) throws Exception {
        Arguments.of(request, ID);
        Body body = Body.of(request, "threshold", ATTRIBUTES);
        thresholds.update(Ids.of(request, ID), said(body));
        return HashMapRoute.put(request, settings);
    }

    private Answer delete(Request request) throws Exception {
        Arguments.of(request, ID);
        Ids.argument(request, ID, ID);
        thresholds.delete(Ids.of(request, ID));
        return Answer.empty(204);
    }

    private Answer group(Request request) throws Exception {
        Arguments.of(request, ID);
        return HashMapJson.one(thresholds.group(Ids.of(request, ID)), HashMapJson::group);
    }

    private static Thresholds.Threshold said(Body body) {
        RuleType type = body.type("type");
        return new Thresholds.Threshold(
                null,
                body.decimal("level", HashMapJson.LEVEL_PLACES),
                type == null ? RuleType.FLAT : type,
                body.decimal("cost", HashMapJson.COST_PLACES),
                body.uuid("service_id"),
                body.uuid("field_id"),
                body.uuid("group_id"),
                body.textOrNull("tenant_id", MAX_TEXT));
    }
}
