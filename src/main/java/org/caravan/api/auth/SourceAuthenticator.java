package org.caravan.api.auth;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Authenticator;
import org.caravan.api.http.Caller;

/**
 * Knows who brings usage: a source by its key, or the operator. The key stands where {@link KeyAuthenticator} looks for it, or
 * is the password of HTTP's basic authentication, the only one that some senders know; the user name means nothing.
 */
public final class SourceAuthenticator implements Authenticator {
    private static final String BASIC = "basic ";
    private static final String ROLE = "source";

    private final ApiKeys keys;
    private final FailedKeys failed;

    public SourceAuthenticator(ApiKeys keys, Clock clock) {
        this.keys = keys;
        this.failed = new FailedKeys(clock);
    }

    @Override
    public Caller authenticate(Map<String, String> headers, String remote) {
        String token = KeyAuthenticator.token(headers);
        String key = token != null ? token : password(headers.get("authorization"));
        if (key == null) {
            return Caller.NOBODY;
        }
        if (failed.isTooMany(remote)) {
            throw new ApiError(429, "Too many wrong keys; try again in a minute.");
        }
        try {
            return keys.find(key).map(SourceAuthenticator::caller).orElseGet(() -> {
                failed.failed(remote);
                throw new ApiError(401, "The request you have made requires authentication.");
            });
        } catch (SQLException e) {
            throw new ApiError(503, "The ledger can't be reached; try again later.", e);
        }
    }

    private static Caller caller(ApiKeys.Known known) {
        return switch (known.kind()) {
            case OPERATOR -> Caller.admin(known.name(), Caller.Kind.KEY);
            case SOURCE -> new Caller(known.name(), null, Set.of(ROLE), Caller.Kind.KEY);
            default -> throw new ApiError(403, "This key is not one of a source of usage.");
        };
    }

    private static String password(String authorization) {
        if (authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(BASIC)) {
            return null;
        }
        try {
            String pair = new String(
                    Base64.getDecoder()
                            .decode(authorization.substring(BASIC.length()).strip()),
                    StandardCharsets.UTF_8);
            return pair.substring(pair.indexOf(':') + 1);
        } catch (IllegalArgumentException e) {
            throw new ApiError(401, "The request you have made requires authentication.", e);
        }
    }
}
