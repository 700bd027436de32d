package org.caravan.api.rating;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.caravan.api.http.Answer;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Policy;
import org.caravan.api.http.Request;
import org.caravan.api.http.RoutingTable;
import org.caravan.rating.store.Modules;

/** The rating modules in v2. */
final class ModuleRoutesV2 {
    private static final String PATH = "/v2/rating/modules";
    /** What a client has read and sends back is taken, and not looked at. */
    private static final Set<String> ATTRIBUTES =
            Set.of("module_id", "description", ModuleJson.HOT_CONFIG_V2, "enabled", "priority");

    private final Modules modules;

    ModuleRoutesV2(Backend backend) {
        this.modules = new Modules(backend.ledger());
    }

    void addTo(RoutingTable.Builder routes) {
        routes.rule("v2_rating:get_modules").add("GET", PATH, Policy.ADMIN, this::list);
        routes.rule("v2_rating:get_module").add("GET", PATH + "/{module_id}", Policy.ADMIN, this::get);
        routes.rule("v2_rating:put_module")
                .add("PUT", PATH + "/{module_id}", Policy.ADMIN, HashMapRoute.refusing(this::update));
    }

    private Answer list(Request request) throws Exception {
        new V2Arguments(request);
        return Answer.json(200, ModuleJson.list(modules.list(), ModuleJson.HOT_CONFIG_V2));
    }

    private Answer get(Request request) throws Exception {
        new V2Arguments(request, "module_id");
        String id = request.variable("module_id");
        return Answer.json(200, ModuleJson.of(known(modules.find(id), id), ModuleJson.HOT_CONFIG_V2));
    }

    private Answer update(Request request) throws Exception {
        new V2Arguments(request, "module_id");
        String id = request.variable("module_id");
        JsonNode body = request.json();
        if (!body.isObject()) {
            throw V2Invalid.body(body, "expected a dictionary");
        }
        body.fieldNames().forEachRemaining(name -> {
            if (!ATTRIBUTES.contains(name)) {
                throw V2Invalid.body(body, "extra keys not allowed", name);
            }
        });
        JsonNode enabled = said(body, "enabled");
        if (enabled != null && !enabled.isBoolean()) {
            throw V2Invalid.body(body, "expected bool", "enabled");
        }
        known(modules.change(id, enabled == null ? null : enabled.booleanValue(), priority(body)), id);
        return Answer.empty(204);
    }

    private static Integer priority(JsonNode body) {
        JsonNode priority = said(body, "priority");
        if (priority == null) {
            return null;
        }
        if (!priority.isIntegralNumber() || !priority.canConvertToInt()) {
            throw V2Invalid.body(body, "expected int", "priority");
        }
        if (priority.intValue() < 1) {
            throw V2Invalid.body(body, "value must be at least 1", "priority");
        }
        return priority.intValue();
    }

    private static JsonNode said(JsonNode body, String name) {
        JsonNode value = body.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private static Modules.Module known(Modules.Module module, String id) {
        if (module == null) {
            throw new ApiError(404, "Module '" + id + "' not found");
        }
        return module;
    }
}
