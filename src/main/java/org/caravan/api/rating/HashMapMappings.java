package org.caravan.api.rating;

import java.time.Clock;
import java.util.Set;
import org.caravan.api.http.Answer;
import org.caravan.api.http.Request;
import org.caravan.api.http.RoutingTable;
import org.caravan.rating.store.Mappings;
import org.caravan.rating.store.RuleFilter;
import org.caravan.rating.store.SaidMapping;
import org.caravan.rating.store.StoredMapping;

/** {@code mappings}. */
final class HashMapMappings {
    private static final String ID = "mapping_id";
    /** Those that the server alone sets are taken, too, and not looked at: clients send back what they have read. */
    private static final Set<String> ATTRIBUTES = Set.of(
            ID,
            "value",
            "type",
            "cost",
            "service_id",
            "field_id",
            "group_id",
            "tenant_id",
            "created_at",
            "start",
            "end",
            "name",
            "description",
            "deleted",
            "created_by",
            "updated_by",
            "deleted_by");

    private static final int MAX_TEXT = 255;
    private static final int MAX_NAME = 32;
    private static final int MAX_DESCRIPTION = 256;

    private final Mappings mappings;
    private final RatingSettings settings;
    private final Clock clock;

    HashMapMappings(Backend backend) {
        this.mappings = new Mappings(backend.ledger(), backend.currency(), backend.clock());
        this.settings = backend.settings();
        this.clock = backend.clock();
    }

    void addTo(RoutingTable.Builder routes) {
        HashMapRoute.add(routes, "GET", "/mappings", this::list);
        HashMapRoute.add(routes, "GET", "/mappings/{mapping_id}", this::get);
        HashMapRoute.add(routes, "POST", "/mappings", this::create);
        HashMapRoute.add(routes, "PUT", "/mappings", this::update);
        HashMapRoute.add(routes, "PUT", "/mappings/{mapping_id}", this::update);
        HashMapRoute.add(routes, "DELETE", "/mappings", this::delete);
        HashMapRoute.add(routes, "DELETE", "/mappings/{mapping_id}", this::delete);
        HashMapRoute.add(routes, "GET", "/mappings/group", this::group);
        HashMapRoute.add(routes, "GET", "/mappings/group/{mapping_id}", this::group);
    }

    private Answer list(Request request) throws Exception {
        Arguments arguments = Arguments.of(
                request,
                ID,
                "service_id",
                "field_id",
                "group_id",
                "no_group",
                "tenant_id",
                "filter_tenant",
                "deleted",
                "start",
                "end",
                "updated_by",
                "created_by",
                "deleted_by",
                "description",
                "is_active",
                "all");
        if (request.argument(ID) != null) {
            return HashMapJson.one(mappings.get(arguments.text(ID)), HashMapJson::mapping);
        }
        RuleFilter filter = filter(arguments);
        if (!arguments.flag("all", true)) {
            filter.checkParent();
        }
        RuleFilter.Dated dated = new RuleFilter.Dated(
                arguments.flag("deleted"),
                arguments.start("start"),
                arguments.end("end"),
                arguments.text("created_by"),
                arguments.text("updated_by"),
                arguments.text("deleted_by"),
                arguments.text("description"),
                arguments.flag("is_active") ? clock.instant() : null);
        return HashMapJson.list("mappings", mappings.list(filter, dated, settings.maxList()), HashMapJson::mapping);
    }

    /** What thresholds can be filtered by, too. */
    static RuleFilter filter(Arguments arguments) {
        return new RuleFilter(
                arguments.text("service_id"),
                arguments.text("field_id"),
                arguments.text("group_id"),
                arguments.flag("no_group"),
                arguments.text("tenant_id"),
                arguments.flag("filter_tenant"));
    }

    private Answer get(Request request) throws Exception {
        Arguments.of(request, ID);
        return HashMapJson.one(mappings.get(Ids.of(request, ID)), HashMapJson::mapping);
    }

    private Answer create(Request request) throws Exception {
        boolean force = Arguments.of(request, "force").flag("force");
        SaidMapping said = said(Body.of(request, "mapping_data", ATTRIBUTES));
        StoredMapping made = mappings.create(said, force, request.caller().user());
        return HashMapRoute.created(request, made, HashMapJson::mapping, made.id());
    }

    private Answer update(Request request) throws Exception {
        Arguments.of(request, ID);
        Body body = Body.of(request, "mapping", ATTRIBUTES);
        mappings.update(Ids.of(request, ID), said(body), request.caller().user());
        return HashMapRoute.put(request, settings);
    }

    private Answer delete(Request request) throws Exception {
        Arguments.of(request, ID);
        Ids.argument(request, ID, ID);
        mappings.delete(Ids.of(request, ID), request.caller().user());
        return Answer.empty(204);
    }

    private Answer group(Request request) throws Exception {
        Arguments.of(request, ID);
        return HashMapJson.one(mappings.group(Ids.of(request, ID)), HashMapJson::group);
    }

    private static SaidMapping said(Body body) {
        return new SaidMapping(
                // an unset value is "", unless it was sent as null
                body.isSent("value") ? body.text("value", MAX_TEXT) : "",
                body.type("type"),
                body.decimal("cost", HashMapJson.COST_PLACES),
                body.uuid("service_id"),
                body.uuid("field_id"),
                body.uuid("group_id"),
                body.textOrNull("tenant_id", MAX_TEXT),
                body.start("start"),
                body.end("end"),
                body.textOrNull("name", MAX_NAME),
                body.text("description", MAX_DESCRIPTION));
    }
}
