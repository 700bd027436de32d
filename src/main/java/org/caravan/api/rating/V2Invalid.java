package org.caravan.api.rating;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Request;

/** What v2 says of data that is not as it must be. */
final class V2Invalid {
    private V2Invalid() {}

    /** Of a query argument. */
    static ApiError argument(Request request, String name, String reason) {
        return error(PythonText.of(request.query()), reason, name);
    }

    /** @param path names of attributes and indexes of list items that lead there */
    static ApiError body(JsonNode body, String reason, Object... path) {
        return error(PythonText.of(body), reason, path);
    }

    private static ApiError error(String data, String reason, Object... path) {
        String where = Arrays.stream(path)
                .map(step -> step instanceof Integer ? step.toString() : PythonText.quoted(step.toString()))
                .collect(Collectors.joining(", ", "[", "]"));
        return new ApiError(400, "Invalid data '" + data + "' : " + reason + " (path: '" + where + "')");
    }
}
