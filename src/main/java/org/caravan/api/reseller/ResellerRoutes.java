package org.caravan.api.reseller;

import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import org.caravan.api.http.Answer;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Caller;
import org.caravan.api.http.Policy;
import org.caravan.api.http.Request;
import org.caravan.api.http.RoutingTable;
import org.caravan.reseller.Client;
import org.caravan.reseller.Clients;
import org.caravan.reseller.Reseller;
import org.caravan.reseller.Resellers;
import org.caravan.subscription.Refusal;

/** Binds what answers to the contract's calls, each within the reseller whose key was shown. */
final class ResellerRoutes {
    private final Resellers resellers;
    private final Clients clients;
    private final Map<ResellerCall, RoutingTable.Handler> handlers = new EnumMap<>(ResellerCall.class);

    ResellerRoutes(Resellers resellers, Clients clients) {
        this.resellers = resellers;
        this.clients = clients;
    }

    /** Answers a reseller. */
    interface ForReseller {
        Answer handle(Request request, Reseller reseller) throws Exception;
    }

    /** Answers what is asked of a client of a reseller. */
    interface ForClient {
        Answer handle(Request request, Reseller reseller, Client client) throws Exception;
    }

    /** Binds a call that needs a key. */
    ResellerRoutes add(ResellerCall call, ForReseller handler) {
        return bind(call, request -> handler.handle(request, reseller(request.caller())));
    }

    /** Binds a call whose path names a client. */
    ResellerRoutes addOfClient(ResellerCall call, ForClient handler) {
        return add(
                call,
                (request, reseller) -> handler.handle(
                        request,
                        reseller,
                        clients.find(reseller, request.variable("client_id"))
                                .orElseThrow(() -> ResellerErrors.notFound("client"))));
    }

    /** Binds a call that asks who it is by itself. */
    ResellerRoutes addOpen(ResellerCall call, RoutingTable.Handler handler) {
        return bind(call, handler);
    }

    private ResellerRoutes bind(ResellerCall call, RoutingTable.Handler handler) {
        if (handlers.put(call, request -> answered(handler, request)) != null) {
            throw new IllegalArgumentException(call + " is bound twice");
        }
        return this;
    }

    private static Answer answered(RoutingTable.Handler handler, Request request) throws Exception {
        try {
            return handler.handle(request);
        } catch (Refusal e) {
            throw ResellerErrors.of(e);
        }
    }

    private Reseller reseller(Caller caller) throws SQLException {
        return resellers
                .find(caller.grant().subject(), caller.roles().contains(Caller.ALL_RESELLERS))
                // its merchant was removed, and with it what the key stood for
                .orElseThrow(() -> new ApiError(401, "The request you have made requires authentication."));
    }

    RoutingTable table() {
        RoutingTable.Builder table = new RoutingTable.Builder();
        for (ResellerCall call : ResellerCall.values()) {
            if (!handlers.containsKey(call)) {
                throw new IllegalStateException("nothing answers " + call);
            }
            table.add(call.method(), call.path(), policy(call), handlers.get(call));
        }
        return table.build();
    }

    private static Policy policy(ResellerCall call) {
        return switch (call) {
            case CREATE_KEY, REPLACE_KEY -> Policy.PUBLIC;
            default -> Policy.RESELLER;
        };
    }
}
