package org.caravan.api.rating;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.caravan.api.http.Request;

/** The id of the one object that a request is about: in its path, its query or its JSON body, whichever comes first. */
final class Ids {
    private Ids() {}

    /**
     * The id.
     *
     * @param name of the path's variable, the argument and the attribute
     * @throws org.caravan.api.http.ApiError 400 if it is nowhere
     */
    static String of(Request request, String name) {
        String id = request.variables().get(name);
        if (id == null) {
            id = request.argument(name);
        }
        if (id == null && request.body().length > 0) {
            JsonNode body = request.json();
            JsonNode value = body.isObject() ? body.get(name) : null;
            id = value == null || value.isNull() ? null : value.asText();
        }
        if (id == null) {
            throw Invalid.missingArgument(name);
        }
        return id;
    }

    /**
     * An argument that may also stand in the JSON body, or null.
     *
     * @throws org.caravan.api.http.ApiError 400 if the body is something else, or has more than these arguments
     */
    static String argument(Request request, String name, String... known) {
        String text = request.argument(name);
        JsonNode body = request.json();
        if (body.isMissingNode() || body.isNull()) {
            return text;
        }
        if (!body.isObject()) {
            throw Invalid.input("body", body, "Value should be an object.");
        }
        Set<String> names = Set.of(known);
        body.fieldNames().forEachRemaining(field -> {
            if (!names.contains(field)) {
                throw Invalid.unknownArgument(field);
            }
        });
        JsonNode value = body.get(name);
        return text != null || value == null || value.isNull() ? text : value.asText();
    }
}
