package org.caravan.api.rating;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.caravan.api.http.Answer;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Policy;
import org.caravan.api.http.Request;
import org.caravan.api.http.RoutingTable;
import org.caravan.common.Decimals;
import org.caravan.metering.JsonFloat;
import org.caravan.rating.hashmap.KeyPricing;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffSource;

/** What usage would cost now, by the rules for every tenant. */
final class QuoteRoutes {
    private static final String ARGUMENT = "res_data";
    private static final int MAX_RESOURCES = 10_000;
    private static final int PLACES = 28;

    private final TariffSource tariff;
    private final Clock clock;

    QuoteRoutes(Backend backend) {
        this.tariff = backend.tariff();
        this.clock = backend.clock();
    }

    void addTo(RoutingTable.Builder routes) {
        routes.rule("rating:quote").add("POST", "/v1/rating/quote", Policy.USER, this::quote);
    }

    private Answer quote(Request request) {
        Arguments.of(request);
        JsonNode body = request.json();
        Body.of(request, ARGUMENT, Set.of("resources"));
        JsonNode resources = body.get("resources");
        if (resources == null || resources.isNull()) {
            throw Invalid.missing("resources");
        }
        if (!resources.isArray()) {
            throw Invalid.input(ARGUMENT, body, "Value not a list: " + resources);
        }
        if (resources.size() > MAX_RESOURCES) {
            throw new ApiError(400, "A quote is for at most " + MAX_RESOURCES + " resources.");
        }
        Tariff inUse = tariff.get();
        long now = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
        BigDecimal sum = BigDecimal.ZERO;
        boolean priced = false;
        for (JsonNode resource : resources) {
            BigDecimal price = price(inUse, now, body, resource);
            priced |= price != null;
            sum = price == null ? sum : sum.add(price, Decimals.RATING);
        }
        return Answer.json(200, TextNode.valueOf(priced ? text(sum) : "0"));
    }

    /** All digits, of those after the point {@link #PLACES} at least. */
    private static String text(BigDecimal sum) {
        BigDecimal plain = sum.stripTrailingZeros();
        return plain.setScale(Math.max(PLACES, plain.scale())).toPlainString();
    }

    /** What a resource costs; null where nothing prices it. */
    private static BigDecimal price(Tariff tariff, long now, JsonNode body, JsonNode resource) {
        if (!resource.isObject()) {
            throw Invalid.input(ARGUMENT, body, "Value not a valid dict: " + resource);
        }
        resource.fieldNames().forEachRemaining(name -> {
            if (!Set.of("service", "volume", "desc").contains(name)) {
                throw new ApiError(400, "Unknown attribute for argument " + ARGUMENT + ": resources." + name);
            }
        });
        JsonNode service = resource.get("service");
        if (service == null || !service.isTextual()) {
            throw Invalid.input("service", service, "Mandatory field missing.");
        }
        BigDecimal volume = volume(resource.get("volume"));
        JsonNode desc = resource.get("desc");
        Map<String, Object> groupby = new HashMap<>();
        Map<String, Object> metadata = new HashMap<>();
        if (desc != null && !desc.isNull()) {
            if (!desc.isObject()) {
                throw Invalid.input(ARGUMENT, body, "Value not a valid dict: " + desc);
            }
            describe(body, desc, groupby, metadata);
        }
        KeyPricing pricing = tariff.resolve(service.textValue(), null, metadata, groupby, now);
        if (pricing.pricing() == null) {
            throw new ApiError(400, "A resource of service '" + service.textValue() + "' " + pricing.problem());
        }
        return pricing.pricing().price(volume, false).priced()
                ? pricing.pricing().amount(volume, null)
                : null;
    }

    private static BigDecimal volume(JsonNode volume) {
        if (volume == null || volume.isNull()) {
            throw Invalid.missing("volume");
        }
        try {
            BigDecimal number =
                    Decimals.parse(volume.isNumber() ? volume.decimalValue().toString() : text(volume));
            if (number.signum() >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw Invalid.input("volume", volume, "Value should be a decimal number, and not negative.");
    }

    private static String text(JsonNode node) {
        return node.isTextual() ? node.textValue().strip() : "";
    }

    /** A description in today's form says what is grouped by and what is metadata; a flat one is all grouped by. */
    private static void describe(
            JsonNode body, JsonNode desc, Map<String, Object> groupby, Map<String, Object> metadata) {
        boolean apart = desc.path("groupby").isObject() || desc.path("metadata").isObject();
        if (apart) {
            values(body, desc.path("groupby"), groupby);
            values(body, desc.path("metadata"), metadata);
        } else {
            values(body, desc, groupby);
        }
    }

    private static void values(JsonNode body, JsonNode from, Map<String, Object> to) {
        from.fields().forEachRemaining(entry -> to.put(entry.getKey(), value(body, entry.getValue())));
    }

    private static Object value(JsonNode body, JsonNode value) {
        if (value.isNull()) {
            return null;
        }
        if (value.isTextual()) {
            return value.textValue();
        }
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        if (value.isIntegralNumber()) {
            return value.bigIntegerValue();
        }
        if (value.isNumber()) {
            return new JsonFloat(value.decimalValue().toString());
        }
        throw Invalid.input(ARGUMENT, body, "A description holds texts, numbers, true, false or null, not " + value);
    }
}
