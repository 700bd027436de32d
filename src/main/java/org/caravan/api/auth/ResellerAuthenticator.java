package org.caravan.api.auth;

import java.sql.SQLException;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Authenticator;
import org.caravan.api.http.Caller;

/** Knows resellers by their key in {@code X-Reseller-Api-Key}; no other key, and nobody without one. */
public final class ResellerAuthenticator implements Authenticator {
    private static final String HEADER = "x-reseller-api-key";

    private final ApiKeys keys;
    private final FailedKeys failed;

    public ResellerAuthenticator(ApiKeys keys, Clock clock) {
        this(keys, new FailedKeys(clock));
    }

    /** @param failed counts wrong keys */
    public ResellerAuthenticator(ApiKeys keys, FailedKeys failed) {
        this.keys = keys;
        this.failed = failed;
    }

    @Override
    public Caller authenticate(Map<String, String> headers, String remote) {
        String key = headers.get(HEADER);
        if (key == null) {
            return Caller.NOBODY;
        }
        failed.refuseTooMany(remote);
        try {
            return keys.find(key.strip())
                    .filter(known -> known.kind() == ApiKeys.Kind.RESELLER)
                    .map(ResellerAuthenticator::caller)
                    .orElseThrow(() -> {
                        failed.failed(remote);
                        return new ApiError(401, "The request you have made requires authentication.");
                    });
        } catch (SQLException e) {
            throw new ApiError(503, "The ledger can't be reached; try again later.", e);
        }
    }

    private static Caller caller(ApiKeys.Known known) {
        return new Caller(
                known.name(),
                null,
                known.allResellers() ? Set.of(Caller.RESELLER, Caller.ALL_RESELLERS) : Set.of(Caller.RESELLER),
                Caller.Kind.KEY,
                new Caller.Grant(known.subject(), Set.of(), false));
    }
}
