package org.caravan.api.auth;

import java.sql.SQLException;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Authenticator;
import org.caravan.api.http.Caller;

/** Knows the operator by the key in {@code X-Auth-Token} or {@code Authorization: Bearer}. */
public final class KeyAuthenticator implements Authenticator {
    private static final String BEARER = "bearer ";

    private final ApiKeys keys;
    private final FailedKeys failed;

    public KeyAuthenticator(ApiKeys keys, Clock clock) {
        this.keys = keys;
        this.failed = new FailedKeys(clock);
    }

    @Override
    public Caller authenticate(Map<String, String> headers, String remote) {
        String key = token(headers);
        if (key == null) {
            return Caller.NOBODY;
        }
        if (failed.isTooMany(remote)) {
            throw new ApiError(429, "Too many wrong keys; try again in a minute.");
        }
        try {
            return keys.find(key)
                    .filter(known -> known.kind() == ApiKeys.Kind.OPERATOR)
                    .map(known -> Caller.admin(known.name(), Caller.Kind.KEY))
                    .orElseThrow(() -> {
                        failed.failed(remote);
                        return new ApiError(401, "The request you have made requires authentication.");
                    });
        } catch (SQLException e) {
            throw new ApiError(503, "The ledger can't be reached; try again later.", e);
        }
    }

    /** The token that the request shows, or null. */
    static String token(Map<String, String> headers) {
        String token = headers.get("x-auth-token");
        if (token != null) {
            return token.strip();
        }
        String authorization = headers.get("authorization");
        return authorization != null && authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)
                ? authorization.substring(BEARER.length()).strip()
                : null;
    }
}
