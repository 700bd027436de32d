package org.caravan.api.push;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.caravan.api.http.Answer;
import org.caravan.api.http.ErrorForm;

/** Errors of this contract: {@code {"status": 413, "error": "what, where, what to do"}}. */
final class PushErrors implements ErrorForm {
    @Override
    public Answer error(String path, int status, String text) {
        return Answer.json(
                status,
                JsonNodeFactory.instance.objectNode().put("status", status).put("error", text));
    }

    @Override
    public Answer forbidden(String path, String rule) {
        return error(path, 403, "This key may not push usage; caravan key create --source NAME makes one that may.");
    }
}
