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
 * Knows callers by their key in {@code X-Auth-Token} or {@code Authorization: Bearer}; the operator alone unless told.
 * Where asked to, by a key that is the password of HTTP's basic authentication, too, the only one that some senders know; the
 * user name means nothing then.
 */
public final class KeyAuthenticator implements Authenticator {
    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";

    private final ApiKeys keys;
    private final FailedKeys failed;
    private final Set<ApiKeys.Kind> kinds;
    private final boolean basic;

    /** One that the operator's keys open. */
    public KeyAuthenticator(ApiKeys keys, Clock clock) {
        this(keys, clock, Set.of(ApiKeys.Kind.OPERATOR));
    }

    /** @param kinds of the keys that are taken; any other one is a wrong key */
    public KeyAuthenticator(ApiKeys keys, Clock clock, Set<ApiKeys.Kind> kinds) {
        this(keys, clock, kinds, false);
    }

    /**
     * @param kinds of the keys that are taken; any other one is a wrong key
     * @param basic true if a key may come as the password of basic authentication
     */
    public KeyAuthenticator(ApiKeys keys, Clock clock, Set<ApiKeys.Kind> kinds, boolean basic) {
        this(keys, new FailedKeys(clock), kinds, basic);
    }

    /**
     * @param failed counts wrong keys
     * @param kinds of the keys that are taken; any other one is a wrong key
     * @param basic true if a key may come as the password of basic authentication
     */
    public KeyAuthenticator(ApiKeys keys, FailedKeys failed, Set<ApiKeys.Kind> kinds, boolean basic) {
        this.basic = basic;
        this.keys = keys;
        this.kinds = Set.copyOf(kinds);
        this.failed = failed;
    }

    @Override
    public Caller authenticate(Map<String, String> headers, String remote) {
        String key = token(headers);
        if (key == null && basic) {
            key = password(headers.get("authorization"));
        }
        if (key == null) {
            return Caller.NOBODY;
        }
        failed.refuseTooMany(remote);
        try {
            return keys.find(key)
                    .filter(known -> kinds.contains(known.kind()))
                    .map(KeyAuthenticator::caller)
                    .orElseThrow(() -> {
                        failed.failed(remote);
                        return new ApiError(401, "The request you have made requires authentication.");
                    });
        } catch (SQLException e) {
            throw new ApiError(503, "The ledger can't be reached; try again later.", e);
        }
    }

    private static Caller caller(ApiKeys.Known known) {
        return known.kind() == ApiKeys.Kind.OPERATOR
                ? Caller.admin(known.name(), Caller.Kind.KEY)
                : new Caller(
                        known.name(),
                        null,
                        Set.of(known.kind().word()),
                        Caller.Kind.KEY,
                        new Caller.Grant(known.subject(), known.tenants(), known.prices()));
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
            // a wrong key as any other, and counted as such
            return "";
        }
    }
}
