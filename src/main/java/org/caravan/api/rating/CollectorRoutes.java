package org.caravan.api.rating;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.List;
import org.caravan.api.http.Answer;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Policy;
import org.caravan.api.http.Request;
import org.caravan.api.http.RoutingTable;

/** What clients still ask of collectors, which the original no longer uses: there are none. */
final class CollectorRoutes {
    private static final String PATH = "/v1/collector";

    void addTo(RoutingTable.Builder routes) {
        routes.rule("collector:list_mappings")
                .add("GET", PATH + "/mappings", Policy.ADMIN, CollectorRoutes::noMappings);
        routes.rule("collector:get_mapping")
                .add("GET", PATH + "/mappings/{service}", Policy.ADMIN, CollectorRoutes::noMapping);
        routes.rule("collector:manage_mapping")
                .add("DELETE", PATH + "/mappings", Policy.ADMIN, CollectorRoutes::noMapping);
        routes.rule("collector:get_state").add("GET", PATH + "/states", Policy.ADMIN, CollectorRoutes::state);
    }

    private static Answer noMappings(Request request) throws IOException {
        return HashMapJson.list("mappings", List.<Void>of(), (out, nothing) -> {});
    }

    private static Answer noMapping(Request request) {
        throw new ApiError(404, "No mapping for service: " + Ids.of(request, "service"));
    }

    private static Answer state(Request request) {
        return Answer.json(
                200,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("name", Ids.of(request, "name"))
                        .put("enabled", false));
    }
}
