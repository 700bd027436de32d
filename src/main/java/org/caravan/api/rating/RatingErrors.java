package org.caravan.api.rating;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.caravan.api.http.Answer;
import org.caravan.api.http.ErrorForm;
import org.caravan.api.http.Request;

/** Errors as v1 and v2 write them. */
public final class RatingErrors implements ErrorForm {
    private static final String V1 = "/v1";
    private static final String V2 = "/v2";

    @Override
    public Answer error(String path, int status, String text) {
        String said = writable(text);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (isBelow(path, V2)) {
            body.put("message", said);
        } else {
            body.put("faultcode", status < 500 ? "Client" : "Server")
                    .put("faultstring", said)
                    .putNull("debuginfo");
        }
        return Answer.json(status, body);
    }

    @Override
    public Answer forbidden(String path, String rule) {
        return error(path, 403, "Policy doesn't allow " + rule + " to be performed.");
    }

    /** What v1 does not have it calls a wrong method. */
    @Override
    public Answer unknownPath(Request request) {
        return isBelow(request.path(), V1)
                ? wrongMethod(request)
                : error(request.path(), 404, "The resource could not be found.");
    }

    /** Half a character, which a caller may have sent, has no place in an answer. */
    private static String writable(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static boolean isBelow(String path, String root) {
        return path.equals(root) || path.startsWith(root + "/");
    }
}
