package org.caravan.api.rating;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.caravan.api.http.Answer;
import org.caravan.api.http.Policy;
import org.caravan.api.http.Request;
import org.caravan.api.http.RoutingTable;

/** What anybody may ask: which versions there are, and whether somebody answers. */
final class RootRoutes {
    private static final String V1 = "CURRENT";
    private static final String V2 = "EXPERIMENTAL";

    void addTo(RoutingTable.Builder routes) {
        routes.add("GET", "/", Policy.PUBLIC, RootRoutes::versions)
                .add("GET", "/v1", Policy.PUBLIC, request -> one(request, "v1", V1))
                .add("GET", "/v2", Policy.PUBLIC, request -> one(request, "v2", V2))
                .add("GET", "/healthcheck", Policy.PUBLIC, request -> Answer.text(200, "text/plain", "OK"));
    }

    private static Answer versions(Request request) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putArray("versions").add(version(request, "v1", V1)).add(version(request, "v2", V2));
        return Answer.json(200, body);
    }

    private static Answer one(Request request, String id, String status) {
        return Answer.json(200, JsonNodeFactory.instance.objectNode().set("version", version(request, id, status)));
    }

    private static ObjectNode version(Request request, String id, String status) {
        ObjectNode version = JsonNodeFactory.instance.objectNode().put("id", id).put("status", status);
        version.putArray("links")
                .addObject()
                .put("href", request.base() + "/" + id)
                .put("rel", "self");
        return version;
    }
}
