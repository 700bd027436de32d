package org.caravan.api.rating;

import java.io.IOException;
import java.util.Set;
import org.caravan.api.http.Answer;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Policy;
import org.caravan.api.http.Request;
import org.caravan.api.http.RoutingTable;
import org.caravan.rating.store.Modules;

/** The rating modules in v1, and what their configurations answer where they have none. */
final class ModuleRoutes {
    private static final String PATH = "/v1/rating/modules";
    private static final String CONFIG = "/v1/rating/module_config";
    private static final String ID = "module_id";
    private static final Set<String> ATTRIBUTES =
            Set.of(ID, "description", "enabled", ModuleJson.HOT_CONFIG_V1, ModuleJson.HOT_CONFIG_V2, "priority");

    private final Modules modules;
    private final RatingSettings settings;

    ModuleRoutes(Backend backend) {
        this.modules = new Modules(backend.ledger());
        this.settings = backend.settings();
    }

    void addTo(RoutingTable.Builder routes) {
        routes.rule("rating:list_modules").add("GET", PATH, Policy.ADMIN, this::list);
        routes.rule("rating:get_module").add("GET", PATH + "/{module_id}", Policy.ADMIN, this::get);
        routes.rule("rating:update_module")
                .add("PUT", PATH, Policy.ADMIN, HashMapRoute.refusing(this::update))
                .add("PUT", PATH + "/{module_id}", Policy.ADMIN, HashMapRoute.refusing(this::update));
        routes.rule("rating:reload_modules")
                .add("GET", "/v1/rating/reload_modules", Policy.ADMIN, ModuleRoutes::reload);
        routes.rule(HashMapRoute.RULE)
                // clients list them
                .add("GET", CONFIG + "/pyscripts/scripts", Policy.ADMIN, ModuleRoutes::noScripts);
        for (String method : new String[] {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
            routes.add(method, CONFIG + "/{module}", Policy.ADMIN, ModuleRoutes::unconfigurable);
        }
    }

    private Answer list(Request request) throws Exception {
        Arguments.of(request);
        return Answer.json(200, ModuleJson.list(modules.list(), ModuleJson.HOT_CONFIG_V1));
    }

    private Answer get(Request request) throws Exception {
        Arguments.of(request, ID);
        return Answer.json(200, ModuleJson.of(known(modules.find(Ids.of(request, ID))), ModuleJson.HOT_CONFIG_V1));
    }

    private Answer update(Request request) throws Exception {
        Arguments.of(request, ID);
        Body body = Body.of(request, "module", ATTRIBUTES);
        body.neededText(ID, ModuleJson.MAX_NAME);
        known(modules.change(Ids.of(request, ID), body.bool("enabled"), body.positive("priority")));
        return HashMapRoute.put(request, settings);
    }

    private static Modules.Module known(Modules.Module module) {
        if (module == null) {
            throw new ApiError(404, "Module not found.");
        }
        return module;
    }

    /** Every hub follows by itself with its next batch, so there is nothing to do. */
    private static Answer reload(Request request) {
        Arguments.of(request);
        return Answer.empty(204);
    }

    private static Answer noScripts(Request request) throws IOException {
        return HashMapJson.list("scripts", java.util.List.<Void>of(), (out, nothing) -> {});
    }

    private static Answer unconfigurable(Request request) {
        if (Modules.HASHMAP.equals(request.variable("module"))) {
            // it has one, below this path
            throw new ApiError(405, "The method " + request.method() + " is not allowed for this resource.");
        }
        throw new ApiError(409, "Module is not configurable");
    }
}
