package org.caravan.api.reseller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Set;
import org.caravan.api.auth.ApiKeys;
import org.caravan.api.auth.ResellerLogins;
import org.caravan.api.http.Answer;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Request;

/**
 * A reseller's key for its user name and password. A key that is in force can't be told again, as only its digest is kept: it
 * is replaced.
 */
final class KeyRoutes {
    private static final String TAKEN = "23505";

    private final ApiKeys keys;
    private final ResellerLogins logins;
    private final Clock clock;

    KeyRoutes(ResellerBackend backend) {
        this.keys = backend.keys();
        this.logins = backend.logins();
        this.clock = backend.clock();
    }

    void addTo(ResellerRoutes routes) {
        routes.addOpen(ResellerCall.CREATE_KEY, this::create).addOpen(ResellerCall.REPLACE_KEY, this::replace);
    }

    private Answer create(Request request) throws SQLException {
        ApiKeys.Wanted wanted = wanted(request);
        try {
            return made(keys.create(wanted, key -> {}));
        } catch (SQLException e) {
            if (TAKEN.equals(e.getSQLState())) {
                throw new ApiError(
                        409,
                        "This user has a key, which can't be told again; PUT makes a new one and revokes the old.",
                        e);
            }
            throw e;
        }
    }

    private Answer replace(Request request) throws SQLException {
        return made(keys.replace(wanted(request)));
    }

    private ApiKeys.Wanted wanted(Request request) throws SQLException {
        JsonNode body = ResellerBody.object(request);
        ResellerLogins.Login login = logins.check(text(body, "username"), text(body, "password"), request.remote());
        return new ApiKeys.Wanted(
                ApiKeys.ofLogin(login.username()),
                ApiKeys.Kind.RESELLER,
                login.merchant(),
                Set.of(),
                false,
                login.allResellers());
    }

    /** What is wrong is told without what was sent. */
    private static String text(JsonNode body, String field) {
        JsonNode value = body.get(field);
        if (value == null || !value.isTextual() || value.textValue().isEmpty()) {
            throw new ApiError(400, field + " is needed, a text.");
        }
        return value.textValue();
    }

    private Answer made(String key) {
        return ResellerJson.answer(JsonNodeFactory.instance
                .objectNode()
                .put("api_key", key)
                .put("date_created", ResellerJson.iso(clock.instant())));
    }
}
