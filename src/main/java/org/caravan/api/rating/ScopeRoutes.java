package org.caravan.api.rating;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.caravan.api.http.Answer;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Policy;
import org.caravan.api.http.Request;
import org.caravan.api.http.RoutingTable;
import org.caravan.ledger.Scopes;

/** {@code /v2/scope}: tenants as scopes. PUT, which re-rates, is {@link ReprocessRoutes}'. */
final class ScopeRoutes {
    private static final String PATH = "/v2/scope";
    private static final String ID = "scope_id";
    private static final String KEY = "scope_key";
    private static final String FETCHER = "fetcher";
    private static final String COLLECTOR = "collector";
    private static final String ACTIVE = "active";
    private static final String PROCESSED = "last_processed_timestamp";
    private static final int MAX_LENGTH = 255;
    private static final String NONE = "No resource found for provided filters.";

    private final BilledUsage usage;

    ScopeRoutes(BilledUsage usage) {
        this.usage = usage;
    }

    void addTo(RoutingTable.Builder routes) {
        routes.rule("scope:get_state").add("GET", PATH, Policy.ADMIN, this::get);
        routes.rule("scope:post_state").add("POST", PATH, Policy.ADMIN, this::post);
        routes.rule("scope:patch_state").add("PATCH", PATH, Policy.ADMIN, this::patch);
    }

    private Answer get(Request request) throws SQLException {
        V2Arguments arguments = new V2Arguments(request, ID, KEY, FETCHER, COLLECTOR, ACTIVE, "offset", "limit");
        int limit = arguments.limit();
        int most = usage.reports().settings().maxRows();
        if (limit > most) {
            throw arguments.invalid("limit", "value must be at most " + most + " (caravan.report.maxRows)");
        }
        List<Scopes.Scope> scopes = usage.scopes()
                .list(
                        usage.realm(),
                        new Scopes.Choice(
                                arguments.many(ID),
                                arguments.many(KEY),
                                arguments.many(FETCHER),
                                arguments.many(COLLECTOR),
                                active(arguments)),
                        arguments.offset(),
                        limit);
        if (scopes.isEmpty()) {
            throw new ApiError(404, NONE);
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode results = body.putArray("results");
        scopes.forEach(scope -> results.add(json(scope)));
        return Answer.json(200, body);
    }

    /** Whether active ones are meant; null where both are. */
    private static Boolean active(V2Arguments arguments) {
        Set<String> wanted = arguments.many(ACTIVE);
        for (String value : wanted) {
            if (!value.equals("0") && !value.equals("1")) {
                throw arguments.invalid(ACTIVE, "expected 0 or 1");
            }
        }
        return wanted.size() == 1 ? wanted.contains("1") : null;
    }

    private Answer post(Request request) throws SQLException {
        JsonNode body = FrameReader.parse(request.body());
        Scopes.Said said = said(body, Set.of(ID, KEY, FETCHER, COLLECTOR, ACTIVE, PROCESSED));
        if (!usage.scopes().create(usage.realm(), said, processed(body))) {
            throw new ApiError(409, "Cannot create a scope with an already existing scope_id: " + said.id() + ".");
        }
        return one(said.id());
    }

    private Answer patch(Request request) throws SQLException {
        Scopes.Said said = said(FrameReader.parse(request.body()), Set.of(ID, KEY, FETCHER, COLLECTOR, ACTIVE));
        if (!usage.scopes().change(usage.realm(), said)) {
            throw new ApiError(404, NONE);
        }
        return one(said.id());
    }

    private Answer one(String id) throws SQLException {
        return Answer.json(
                200,
                usage.scopes()
                        .find(usage.realm(), id)
                        .map(ScopeRoutes::json)
                        .orElseThrow(() -> new ApiError(404, NONE)));
    }

    private static ObjectNode json(Scopes.Scope scope) {
        return JsonNodeFactory.instance
                .objectNode()
                .put(ID, scope.id())
                .put(KEY, scope.scopeKey())
                .put(FETCHER, scope.fetcher())
                .put(COLLECTOR, scope.collector())
                .put(PROCESSED, time(scope.processedTo()))
                .put(ACTIVE, scope.active())
                .put("scope_activation_toggle_date", time(scope.toggledAt()));
    }

    private static String time(Instant moment) {
        return Dates.withOffset(moment);
    }

    // ---- bodies --------------------------------------------------------------------------------------------------

    private static Scopes.Said said(JsonNode body, Set<String> known) {
        if (!body.isObject()) {
            throw V2Invalid.body(body, "expected a dictionary");
        }
        for (Iterator<String> names = body.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw V2Invalid.body(body, "extra keys not allowed", name);
            }
        }
        String id = text(body, ID);
        if (id == null) {
            throw V2Invalid.body(body, "required key not provided", ID);
        }
        return new Scopes.Said(id, text(body, KEY), text(body, FETCHER), text(body, COLLECTOR), flag(body));
    }

    private static String text(JsonNode body, String name) {
        JsonNode value = body.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        String text = value.asText();
        if (!value.isTextual()
                || text.isBlank()
                || text.codePointCount(0, text.length()) > MAX_LENGTH
                || !Invalid.isStorable(text)
                || text.chars().anyMatch(Character::isISOControl)) {
            throw V2Invalid.body(body, "expected a text of 1 to " + MAX_LENGTH + " characters", name);
        }
        return text;
    }

    private static Boolean flag(JsonNode body) {
        JsonNode value = body.get(ACTIVE);
        if (value == null || value.isNull()) {
            return null;
        }
        return switch (value.asText()) {
            case "true", "True", "1" -> true;
            case "false", "False", "0" -> false;
            default -> throw V2Invalid.body(body, "expected bool", ACTIVE);
        };
    }

    private static Instant processed(JsonNode body) {
        JsonNode value = body.get(PROCESSED);
        if (value == null || value.isNull()) {
            return null;
        }
        try {
            return Dates.start(value.isTextual() ? value.textValue() : "");
        } catch (IllegalArgumentException e) {
            throw V2Invalid.body(body, "expected a date and time in ISO 8601", PROCESSED);
        }
    }
}
