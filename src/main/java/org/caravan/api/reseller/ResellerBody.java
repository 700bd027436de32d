package org.caravan.api.reseller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Set;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Request;
import org.caravan.common.Decimals;
import org.caravan.subscription.Texts;

/** Bodies as callers send them. */
final class ResellerBody {
    private ResellerBody() {}

    /** @throws ApiError 400 if it is no JSON object */
    static ObjectNode object(Request request) {
        if (request.json() instanceof ObjectNode object) {
            return object;
        }
        throw new ApiError(400, "Expected a JSON object as the body.");
    }

    /** As above, and refuses what the call does not know: a mistyped field must not go unnoticed. */
    static ObjectNode object(Request request, Set<String> known) {
        ObjectNode body = object(request);
        body.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw new ApiError(
                        400,
                        "A field is not known here; expected "
                                + String.join(", ", known.stream().sorted().toList()) + ".");
            }
        });
        return body;
    }

    /**
     * A text.
     *
     * @return null where it is left out, or null
     * @throws ApiError 400 if it is none, or longer
     */
    static String text(JsonNode body, String field, int longest) {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual() || value.textValue().length() > longest || !Texts.isStorable(value.textValue())) {
            throw new ApiError(400, field + " must be a text of at most " + longest + " characters.");
        }
        return value.textValue();
    }

    /**
     * A number, or a text that is one.
     *
     * @return null where it is left out, or null
     * @throws ApiError 400 if it is none
     */
    static BigDecimal decimal(JsonNode body, String field) {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isNumber() && !value.isTextual()) {
            throw new ApiError(400, field + " must be a number.");
        }
        try {
            return Decimals.parse(value.asText().strip());
        } catch (NumberFormatException e) {
            throw new ApiError(400, field + " must be a number.", e);
        }
    }

    /**
     * True or false.
     *
     * @throws ApiError 400 if it is neither
     */
    static boolean flag(JsonNode body, String field) {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return false;
        }
        if (!value.isBoolean()) {
            throw new ApiError(400, field + " must be true or false.");
        }
        return value.booleanValue();
    }
}
