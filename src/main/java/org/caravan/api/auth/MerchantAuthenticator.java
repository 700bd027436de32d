package org.caravan.api.auth;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Authenticator;
import org.caravan.api.http.Caller;

/**
 * Knows merchants by a key and its secret: HTTP Basic, or {@code X-Api-Key} with {@code X-Api-Secret}. Whoever shows none of
 * these is known otherwise, or not at all.
 */
public final class MerchantAuthenticator implements Authenticator {
    private static final String BASIC = "basic ";

    private final ApiKeys keys;
    private final FailedKeys failed;
    private final Authenticator others;

    public MerchantAuthenticator(ApiKeys keys, Clock clock, Authenticator others) {
        this(keys, new FailedKeys(clock), others);
    }

    /** @param failed counts wrong keys */
    public MerchantAuthenticator(ApiKeys keys, FailedKeys failed, Authenticator others) {
        this.keys = keys;
        this.failed = failed;
        this.others = others;
    }

    /** What was shown; a secret is never a part of a text. */
    private record Pair(String key, String secret) {
        @Override
        public String toString() {
            return "a key and its secret";
        }
    }

    @Override
    public Caller authenticate(Map<String, String> headers, String remote) {
        Pair pair = pair(headers);
        if (pair == null) {
            return others.authenticate(headers, remote);
        }
        failed.refuseTooMany(remote);
        try {
            return keys.find(pair.key() + "_" + pair.secret())
                    .flatMap(MerchantAuthenticator::caller)
                    .orElseThrow(() -> {
                        failed.failed(remote);
                        return new ApiError(401, "The request you have made requires authentication.");
                    });
        } catch (SQLException e) {
            throw new ApiError(503, "The ledger can't be reached; try again later.", e);
        }
    }

    private static Optional<Caller> caller(ApiKeys.Known known) {
        return switch (known.kind()) {
            case MERCHANT ->
                Optional.of(new Caller(
                        known.name(),
                        null,
                        Set.of(Caller.MERCHANT),
                        Caller.Kind.KEY,
                        new Caller.Grant(known.subject(), Set.of(), false)));
            case OPERATOR -> Optional.of(Caller.admin(known.name(), Caller.Kind.KEY));
            default -> Optional.empty();
        };
    }

    /** Null where neither form is used; half a pair is a wrong one. */
    private static Pair pair(Map<String, String> headers) {
        String key = headers.get("x-api-key");
        String secret = headers.get("x-api-secret");
        if (key != null || secret != null) {
            return new Pair(key == null ? "" : key.strip(), secret == null ? "" : secret.strip());
        }
        String authorization = headers.get("authorization");
        if (authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(BASIC)) {
            return null;
        }
        try {
            String both = new String(
                    Base64.getDecoder()
                            .decode(authorization.substring(BASIC.length()).strip()),
                    StandardCharsets.UTF_8);
            int colon = both.indexOf(':');
            return colon < 0 ? new Pair(both, "") : new Pair(both.substring(0, colon), both.substring(colon + 1));
        } catch (IllegalArgumentException e) {
            return new Pair("", "");
        }
    }
}
