package org.caravan.api.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.caravan.api.http.Answer;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Policy;
import org.caravan.api.http.Request;
import org.caravan.api.http.RoutingTable;
import org.caravan.ledger.report.ReportBusyException;
import org.caravan.ledger.report.ReportLimitException;
import org.caravan.subscription.Entry;
import org.caravan.subscription.EntryReader;
import org.caravan.subscription.ListQuery;
import org.caravan.subscription.Refusal;
import org.caravan.subscription.Scope;
import org.caravan.subscription.Store;

/** The routes of one kind of thing: list, one, create, update (PATCH, and PUT as the first version had it), delete. */
final class EntityRoutes {
    private static final int CREATED = 202;

    private final Store store;
    private final Scoping scoping;
    private final int max;
    private final Set<String> plain;

    /** Finds the scope of a request. */
    interface Scoping {
        Scope of(Request request) throws SQLException;
    }

    /** Answers a request within its scope. */
    interface Handler {
        Answer handle(Request request, Scope scope) throws Exception;
    }

    /**
     * Who may.
     *
     * @param read list and one
     */
    record Who(Policy read, Policy create, Policy update, Policy delete) {
        static Who of(Policy read, Policy write) {
            return new Who(read, write, write, write);
        }
    }

    /**
     * Routes of a store's things.
     *
     * @param max most things that a list answers
     * @param plain fields that a list takes as arguments of their own
     */
    EntityRoutes(Store store, Scoping scoping, int max, String... plain) {
        this.store = store;
        this.scoping = scoping;
        this.max = max;
        this.plain = Set.of(plain);
    }

    /** @param variable of the path, for the key of one */
    void addTo(RoutingTable.Builder routes, String path, String variable, Who who) {
        String one = path + "/{" + variable + "}";
        addList(routes, path, who.read());
        routes.add("POST", path, who.create(), handler((request, scope) -> create(request, scope)));
        addOne(routes, one, variable, who);
    }

    void addList(RoutingTable.Builder routes, String path, Policy read) {
        routes.add("GET", path, read, handler(this::list));
    }

    /** One, its update and its end. */
    void addOne(RoutingTable.Builder routes, String path, String variable, Who who) {
        routes.add("GET", path, who.read(), handler((request, scope) -> {
            noArguments(request);
            return json(200, store.one(scope, request.variable(variable)));
        }));
        Handler update = (request, scope) -> update(request, scope, request.variable(variable));
        routes.add("PATCH", path, who.update(), handler(update));
        routes.add("DELETE", path, who.delete(), handler((request, scope) -> {
            noArguments(request);
            store.delete(scope, request.variable(variable));
            return Answer.empty(204);
        }));
    }

    /** PUT for an update, as in the first version. */
    void addPut(RoutingTable.Builder routes, String path, String variable, Policy policy) {
        routes.add(
                "PUT", path, policy, handler((request, scope) -> update(request, scope, request.variable(variable))));
    }

    /** A route that answers refusals in the contract's form. */
    RoutingTable.Handler handler(Handler handler) {
        return request -> {
            try {
                return handler.handle(request, scoping.of(request));
            } catch (Refusal e) {
                return SubscriptionErrors.of(e);
            } catch (ReportLimitException e) {
                return SubscriptionErrors.of(Refusal.of(Refusal.Kind.BAD_REQUEST, e.getMessage()));
            } catch (ReportBusyException e) {
                throw new ApiError(504, e.getMessage(), e);
            }
        };
    }

    private Answer list(Request request, Scope scope) throws SQLException {
        ListQuery query = ListArguments.read(request, store.entity(), plain, max);
        // one more, to know whether there are more
        List<Entry> found = store.list(scope, new ListQuery(query.filters(), query.limit() + 1, query.marker()));
        boolean more = found.size() > query.limit();
        List<Entry> page = more ? found.subList(0, query.limit()) : found;
        Answer answer = Answer.json(200, EntryJson.array(store.entity(), page));
        return more ? answer.with("Link", NextPage.link(request, key(page.get(page.size() - 1)))) : answer;
    }

    private String key(Entry entry) {
        return entry.text(store.entity().key());
    }

    private Answer create(Request request, Scope scope) throws SQLException {
        noArguments(request);
        return json(CREATED, store.create(scope, EntryReader.create(store.entity(), body(request))));
    }

    private Answer update(Request request, Scope scope, String key) throws SQLException {
        noArguments(request);
        return json(200, store.update(scope, key, EntryReader.update(store.entity(), body(request))));
    }

    Answer json(int status, Entry entry) {
        return Answer.json(status, EntryJson.object(store.entity(), entry));
    }

    static JsonNode body(Request request) {
        JsonNode body = request.json();
        if (!body.isObject()) {
            throw Refusal.of(Refusal.Kind.BAD_REQUEST, "The body must be a JSON object.");
        }
        return body;
    }

    static void noArguments(Request request) {
        if (!request.query().isEmpty()) {
            throw Refusal.of(Refusal.Kind.BAD_REQUEST, "No query argument is taken here.");
        }
    }
}
