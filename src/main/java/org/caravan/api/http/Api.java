package org.caravan.api.http;

import java.sql.SQLException;
import java.util.Map;
import org.caravan.common.UserError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A served contract: its routes, its errors, and who may. */
public final class Api {
    private static final Logger LOG = LoggerFactory.getLogger(Api.class);
    /** What PostgreSQL says of a text with a NUL in it, wherever a request brought it. */
    private static final String NOT_TEXT = "22021";

    private final RoutingTable table;
    private final ErrorForm errors;
    private final Authenticator authenticator;
    private final boolean takesPacked;

    public Api(RoutingTable table, ErrorForm errors, Authenticator authenticator) {
        this(table, errors, authenticator, false);
    }

    /** @param takesPacked true if its routes unpack bodies themselves: a request's body is then as it was sent */
    public Api(RoutingTable table, ErrorForm errors, Authenticator authenticator, boolean takesPacked) {
        this.table = table;
        this.errors = errors;
        this.authenticator = authenticator;
        this.takesPacked = takesPacked;
    }

    /** False if a body with a content encoding is refused before a route sees it. */
    boolean takesPacked() {
        return takesPacked;
    }

    public RoutingTable table() {
        return table;
    }

    /** How this contract writes its errors, for what goes wrong before a request is read. */
    public ErrorForm errors() {
        return errors;
    }

    /**
     * Answers a request; never throws.
     *
     * @param request whose caller and variables are not known yet
     * @param remote the address it came from
     */
    public Answer answer(Request request, String remote) {
        try {
            RoutingTable.Match match = find(request);
            Policy policy = match.route() == null ? Policy.USER : match.route().policy();
            // a public path is answered whatever key comes with it
            Caller caller =
                    policy == Policy.PUBLIC ? Caller.NOBODY : authenticator.authenticate(request.headers(), remote);
            if (!policy.admits(caller)) {
                return caller == Caller.NOBODY
                        ? errors.error(request.path(), 401, "The request you have made requires authentication.")
                        : errors.forbidden(
                                request.path(),
                                match.route() == null ? "" : match.route().rule());
            }
            if (match.route() == null) {
                return match.known() ? errors.wrongMethod(request) : errors.unknownPath(request);
            }
            return match.route().handler().handle(request.with(match.variables(), caller, remote));
        } catch (ApiError e) {
            Answer answer = errors.error(request.path(), e.status(), e.getMessage());
            return e.status() == 503 || e.status() == 429 ? answer.with("Retry-After", "5") : answer;
        } catch (UserError e) {
            // exit code 2 is a wrong input; anything else is what the hub could not do
            return errors.error(request.path(), e.exitCode() == 2 ? 400 : 503, e.getMessage());
        } catch (SQLException e) {
            if (NOT_TEXT.equals(e.getSQLState())) {
                return errors.error(request.path(), 400, "A value holds a NUL character, which no text here can hold.");
            }
            LOG.error(
                    "{} {} {}: the ledger can't be reached: {}",
                    request.id(),
                    request.method(),
                    request.path(),
                    e.getMessage());
            return errors.error(request.path(), 503, "The ledger can't be reached; try again later.")
                    .with("Retry-After", "5");
        } catch (Exception e) {
            LOG.error("{} {} {}: {}", request.id(), request.method(), request.path(), e.toString(), e);
            return errors.error(
                    request.path(), 500, "Internal error; the hub's log explains request " + request.id() + ".");
        }
    }

    private RoutingTable.Match find(Request request) {
        try {
            return table.find(request.method(), request.path());
        } catch (IllegalArgumentException e) {
            return new RoutingTable.Match(null, Map.of(), false);
        }
    }
}
