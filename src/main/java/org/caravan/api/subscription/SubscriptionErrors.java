package org.caravan.api.subscription;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.caravan.api.http.Answer;
import org.caravan.api.http.ErrorForm;
import org.caravan.subscription.Refusal;

/** Errors as this contract writes them: a code, a type, a sentence, and by field what is wrong with it. */
final class SubscriptionErrors implements ErrorForm {
    private static final int UNAUTHORIZED = 401;

    @Override
    public Answer error(String path, int status, String text) {
        Answer answer = write(status, type(status), text, Map.of());
        return status == UNAUTHORIZED ? answer.with("WWW-Authenticate", "Basic realm=\"caravan\"") : answer;
    }

    static Answer of(Refusal refusal) {
        int status =
                switch (refusal.kind()) {
                    case FORBIDDEN -> 403;
                    case NOT_FOUND -> 404;
                    case DUPLICATE, IN_USE -> 409;
                    default -> 400;
                };
        return write(status, refusal.kind().name().toLowerCase(Locale.ROOT), refusal.getMessage(), refusal.errors());
    }

    private static Answer write(int status, String type, String text, Map<String, String> errors) {
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("code", status)
                .put("type", type)
                // half a character, which a caller may have sent, has no place in an answer
                .put("message", new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
        ObjectNode fields = body.putObject("errors");
        errors.forEach(fields::put);
        return Answer.json(status, body);
    }

    private static String type(int status) {
        return switch (status) {
            case 401 -> "unauthorized";
            case 403 -> "forbidden";
            case 404 -> "not_found";
            case 405 -> "method_not_allowed";
            case 409 -> "duplicate";
            case 429 -> "too_many_requests";
            case 503 -> "unavailable";
            case 504 -> "timeout";
            default -> status < 500 ? "bad_request" : "internal_error";
        };
    }
}
