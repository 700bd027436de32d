package org.caravan.api.rating;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import org.caravan.api.http.Answer;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Policy;
import org.caravan.api.http.Request;
import org.caravan.api.http.RoutingTable;
import org.caravan.invoice.rerate.Reprocessing;
import org.caravan.ledger.Scopes;

/**
 * Orders to rate usage of open months again: {@code /v2/task/reprocesses}, and {@code PUT /v2/scope}, which sets scopes back
 * to a moment. A running hub does what is ordered.
 */
final class ReprocessRoutes {
    private static final String PATH = "/v2/task/reprocesses";
    /** Where the shipped client 4.6.0 posts to. */
    private static final String CLIENTS_PATH = "/v2/task/reprocess";

    private static final String SCOPE = "/v2/scope";
    private static final String IDS = "scope_ids";
    private static final String START = "start_reprocess_time";
    private static final String END = "end_reprocess_time";
    private static final String REASON = "reason";
    private static final String ALL_SCOPES = "all_scopes";
    private static final String ID = "scope_id";
    private static final String KEY = "scope_key";
    private static final String FETCHER = "fetcher";
    private static final String COLLECTOR = "collector";
    private static final String PROCESSED = "last_processed_timestamp";
    private static final String STATE = "state";
    private static final int MAX_SCOPES = 100_000;
    private static final String RESET_REASON = "scope state reset";

    private final BilledUsage usage;
    private final Reprocessing reprocessing;

    ReprocessRoutes(Backend backend) {
        this.usage = backend.usage();
        this.reprocessing = new Reprocessing(backend.ledger(), usage.realm(), backend.clock());
    }

    void addTo(RoutingTable.Builder routes) {
        routes.rule("schedule:create_task_reprocesses")
                .add("POST", PATH, Policy.ADMIN, this::post)
                .add("POST", CLIENTS_PATH, Policy.ADMIN, this::post);
        routes.rule("schedule:get_task_reprocesses")
                .add("GET", PATH, Policy.ADMIN, this::get)
                .add("GET", PATH + "/{scope_id}", Policy.ADMIN, this::get);
        routes.rule("scope:reset_state").add("PUT", SCOPE, Policy.ADMIN, this::reset);
    }

    private Answer post(Request request) throws SQLException {
        V2Body body = V2Body.of(request, Set.of(IDS, START, END, REASON));
        Set<String> scopes = body.many(IDS);
        if (scopes.isEmpty()) {
            throw body.invalid(IDS, "required key not provided");
        }
        reprocessing.order(new Reprocessing.Wanted(
                scopes, body.neededTime(START), body.neededTime(END), body.neededText(REASON), by(request)));
        return accepted();
    }

    private Answer get(Request request) throws SQLException {
        V2Arguments arguments = new V2Arguments(request, IDS, "order", "offset", "limit");
        Set<String> scopes = request.variable(ID) == null ? arguments.many(IDS) : Set.of(request.variable(ID));
        if (!scopes.stream().allMatch(Invalid::isStorable)) {
            throw arguments.invalid(IDS, "expected names of scopes");
        }
        int limit = arguments.limit();
        int most = usage.reports().settings().maxRows();
        if (limit > most) {
            throw arguments.invalid("limit", "value must be at most " + most + " (caravan.report.maxRows)");
        }
        Reprocessing.Page page = reprocessing.list(scopes, ascending(arguments), arguments.offset(), limit);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode results = body.putArray("results");
        for (Reprocessing.Schedule schedule : page.schedules()) {
            results.addObject()
                    .put(ID, schedule.scope())
                    .put(REASON, schedule.reason())
                    .put(START, Dates.withOffset(schedule.from()))
                    .put(END, Dates.withOffset(schedule.until()))
                    .put("current_reprocess_time", Dates.withOffset(schedule.current()));
        }
        return Answer.json(200, body);
    }

    private static boolean ascending(V2Arguments arguments) {
        String order = arguments.single("order");
        if (order == null || order.equalsIgnoreCase("desc")) {
            return false;
        }
        if (order.equalsIgnoreCase("asc")) {
            return true;
        }
        throw arguments.invalid("order", "expected asc or desc");
    }

    private Answer reset(Request request) throws SQLException {
        V2Body body = V2Body.of(request, Set.of(ALL_SCOPES, ID, KEY, FETCHER, COLLECTOR, PROCESSED, STATE));
        Set<String> ids = body.many(ID);
        if (body.flag(ALL_SCOPES) != ids.isEmpty()) {
            throw new ApiError(400, "Either all_scopes or a scope_id should be specified.");
        }
        Instant from = body.time(PROCESSED);
        if (from == null) {
            from = body.time(STATE);
        }
        if (from == null) {
            throw body.invalid(PROCESSED, "required key not provided");
        }
        Set<String> scopes = new LinkedHashSet<>();
        usage.scopes()
                .list(
                        usage.realm(),
                        new Scopes.Choice(
                                ids,
                                body.many(KEY),
                                body.many(FETCHER),
                                body.many(COLLECTOR),
                                ids.isEmpty() ? Boolean.TRUE : null),
                        0,
                        MAX_SCOPES)
                .forEach(scope -> scopes.add(scope.id()));
        if (scopes.isEmpty()) {
            throw new ApiError(404, "No resource found for provided filters.");
        }
        reprocessing.reset(new Reprocessing.Wanted(scopes, from, null, RESET_REASON, by(request)));
        return accepted();
    }

    private static String by(Request request) {
        String user = request.caller().user();
        return user == null || user.isBlank() ? "unknown" : user.substring(0, Math.min(255, user.length()));
    }

    private static Answer accepted() {
        return Answer.json(202, JsonNodeFactory.instance.objectNode());
    }
}
