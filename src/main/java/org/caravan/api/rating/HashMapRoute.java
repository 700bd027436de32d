package org.caravan.api.rating;

import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.util.UUID;
import org.caravan.api.http.Answer;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Policy;
import org.caravan.api.http.Request;
import org.caravan.api.http.RoutingTable;
import org.caravan.rating.store.RuleRefusal;

/** What all routes to the HashMap rules have in common: where they are, who may, and how a refusal is answered. */
final class HashMapRoute {
    static final String BASE = "/v1/rating/module_config/hashmap";
    static final String RULE = "rating:module_config";

    private HashMapRoute() {}

    /** Adds a route below {@link #BASE}. */
    static void add(RoutingTable.Builder routes, String method, String path, RoutingTable.Handler handler) {
        routes.rule(RULE).add(method, BASE + path, Policy.ADMIN, refusing(handler));
    }

    /** Answers a refusal of the rules with the status that it has in the contract. */
    static RoutingTable.Handler refusing(RoutingTable.Handler handler) {
        return request -> {
            try {
                return handler.handle(request);
            } catch (RuleRefusal e) {
                throw new ApiError(
                        switch (e.kind()) {
                            case UNKNOWN -> 404;
                            case TAKEN -> 409;
                            case WRONG -> 400;
                        },
                        e.getMessage(),
                        e);
            }
        };
    }

    /** What a successful PUT answers: the original's redirect to the same place, or what one expects. */
    static Answer put(Request request, RatingSettings settings) {
        return settings.putStatus() == 302
                ? Answer.json(302, NullNode.getInstance()).with("Location", request.base() + request.path())
                : Answer.empty(settings.putStatus());
    }

    /** What a successful POST answers. */
    static <T> Answer created(Request request, T object, HashMapJson.Writer<T> writer, UUID id) throws IOException {
        return HashMapJson.one(201, object, writer).with("Location", request.url() + "/" + id);
    }
}
