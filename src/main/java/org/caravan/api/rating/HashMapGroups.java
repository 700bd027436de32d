package org.caravan.api.rating;

import java.util.Set;
import org.caravan.api.http.Answer;
import org.caravan.api.http.Request;
import org.caravan.api.http.RoutingTable;
import org.caravan.rating.store.Groups;
import org.caravan.rating.store.Mappings;
import org.caravan.rating.store.RuleFilter;
import org.caravan.rating.store.Thresholds;

/** {@code groups}, and what is in them. */
final class HashMapGroups {
    private static final String ID = "group_id";
    private static final String RECURSIVE = "recursive";
    private static final Set<String> ATTRIBUTES = Set.of(ID, "name");
    private static final int MAX_NAME = 255;

    private final Groups groups;
    private final Mappings mappings;
    private final Thresholds thresholds;
    private final RatingSettings settings;

    HashMapGroups(Backend backend) {
        this.groups = new Groups(backend.ledger(), backend.clock());
        this.mappings = new Mappings(backend.ledger(), backend.currency(), backend.clock());
        this.thresholds = new Thresholds(backend.ledger(), backend.currency());
        this.settings = backend.settings();
    }

    void addTo(RoutingTable.Builder routes) {
        HashMapRoute.add(routes, "GET", "/groups", this::list);
        HashMapRoute.add(routes, "GET", "/groups/{group_id}", this::get);
        HashMapRoute.add(routes, "POST", "/groups", this::create);
        HashMapRoute.add(routes, "DELETE", "/groups", this::delete);
        HashMapRoute.add(routes, "DELETE", "/groups/{group_id}", this::delete);
        HashMapRoute.add(routes, "GET", "/groups/mappings", this::mappings);
        HashMapRoute.add(routes, "GET", "/groups/mappings/{group_id}", this::mappings);
        HashMapRoute.add(routes, "GET", "/groups/thresholds", this::thresholds);
        HashMapRoute.add(routes, "GET", "/groups/thresholds/{group_id}", this::thresholds);
    }

    private Answer list(Request request) throws Exception {
        Arguments.of(request, ID);
        return request.argument(ID) != null
                ? get(request)
                : HashMapJson.list("groups", groups.list(settings.maxList()), HashMapJson::group);
    }

    private Answer get(Request request) throws Exception {
        Arguments.of(request, ID);
        return HashMapJson.one(groups.get(Ids.of(request, ID)), HashMapJson::group);
    }

    private Answer create(Request request) throws Exception {
        Arguments.of(request);
        Body body = Body.of(request, "group_data", ATTRIBUTES);
        body.uuid(ID);
        Groups.Group made = groups.create(body.neededText("name", MAX_NAME));
        return HashMapRoute.created(request, made, HashMapJson::group, made.id());
    }

    private Answer delete(Request request) throws Exception {
        Arguments.of(request, ID, RECURSIVE);
        String recursive = Ids.argument(request, RECURSIVE, ID, RECURSIVE);
        groups.delete(
                Ids.of(request, ID),
                recursive != null && Arguments.bool(RECURSIVE, recursive),
                request.caller().user());
        return Answer.empty(204);
    }

    private Answer mappings(Request request) throws Exception {
        return HashMapJson.list(
                "mappings",
                mappings.list(within(request), RuleFilter.Dated.CURRENT, settings.maxList()),
                HashMapJson::mapping);
    }

    private Answer thresholds(Request request) throws Exception {
        return HashMapJson.list(
                "thresholds", thresholds.list(within(request), settings.maxList()), HashMapJson::threshold);
    }

    private static RuleFilter within(Request request) {
        Arguments.of(request, ID);
        return new RuleFilter(null, null, Ids.of(request, ID), false, null, false);
    }
}
