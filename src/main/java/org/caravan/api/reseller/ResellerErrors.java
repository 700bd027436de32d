package org.caravan.api.reseller;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.caravan.api.http.Answer;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.ErrorForm;
import org.caravan.subscription.Refusal;

/** Errors as this contract writes them: {@code {"error": {"code", "message"}}}. */
final class ResellerErrors implements ErrorForm {
    @Override
    public Answer error(String path, int status, String text) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("error")
                .put("code", status)
                // half a character, which a caller may have sent, has no place in an answer
                .put("message", new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
        return Answer.json(status, body);
    }

    /** Whoever is known otherwise is nobody here. */
    @Override
    public Answer forbidden(String path, String rule) {
        return error(path, 401, "The request you have made requires authentication.");
    }

    static ApiError of(Refusal refusal) {
        int status =
                switch (refusal.kind()) {
                    case NOT_FOUND -> 404;
                    case DUPLICATE, IN_USE -> 409;
                    default -> 400;
                };
        return new ApiError(status, refusal.getMessage(), refusal);
    }

    /** What is answered for a thing that there is not, and for another reseller's. */
    static ApiError notFound(String word) {
        return new ApiError(404, "The " + word + " could not be found.");
    }
}
