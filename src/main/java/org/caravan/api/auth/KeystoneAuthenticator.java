package org.caravan.api.auth;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Authenticator;
import org.caravan.api.http.Caller;
import org.caravan.common.keystone.KeystoneClient;
import org.caravan.common.keystone.KeystoneException;
import org.caravan.common.keystone.KeystoneToken;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows callers by the tokens that Keystone gave them. While Keystone can't be asked, nobody new is let in. */
public final class KeystoneAuthenticator implements Authenticator {
    private static final Logger LOG = LoggerFactory.getLogger(KeystoneAuthenticator.class);

    private final KeystoneClient keystone;
    private final KeystoneRules rules;
    private final Clock clock;
    private final TokenCache<Caller> known;
    private final TokenCache<Boolean> refused;
    private final Function<KeystoneToken, Caller> meaning;
    private final FailedKeys failed;

    /** What was last said in the log, so that a Keystone that is away for an hour fills one line, not a disk. */
    private volatile String said;

    public KeystoneAuthenticator(KeystoneClient keystone, KeystoneRules rules, Clock clock) {
        this(keystone, rules, clock, new FailedKeys(clock));
    }

    /** @param failed counts wrong tokens */
    public KeystoneAuthenticator(KeystoneClient keystone, KeystoneRules rules, Clock clock, FailedKeys failed) {
        this(keystone, rules, clock, rules::caller, failed);
    }

    /**
     * @param meaning whom a valid token is taken for, in the place of what the rules say of it
     * @param failed counts wrong tokens
     */
    public KeystoneAuthenticator(
            KeystoneClient keystone,
            KeystoneRules rules,
            Clock clock,
            Function<KeystoneToken, Caller> meaning,
            FailedKeys failed) {
        this.failed = failed;
        this.keystone = keystone;
        this.meaning = meaning;
        this.rules = rules;
        this.clock = clock;
        this.known = new TokenCache<>(rules.maxTokens(), clock);
        // of their own, so that wrong tokens by the million don't push the right ones out
        this.refused = new TokenCache<>(rules.maxTokens(), clock);
    }

    @Override
    public Caller authenticate(Map<String, String> headers, String remote) {
        String token = KeyAuthenticator.token(headers);
        if (token == null) {
            return Caller.NOBODY;
        }
        // a key of ours, sent to the wrong hub, is none of Keystone's business
        if (!KeystoneToken.isText(token) || ApiKeys.isKey(token)) {
            failed.refuseTooMany(remote);
            failed.failed(remote);
            throw unauthorized();
        }
        // behind one address there may be many users: whose token is known comes through, and one token that has just
        // expired counts once
        Caller caller = known.get(token);
        if (caller != null) {
            return caller;
        }
        if (refused.get(token) != null) {
            throw unauthorized();
        }
        failed.refuseTooMany(remote);
        return ask(token, remote);
    }

    private Caller ask(String token, String remote) {
        Instant now = clock.instant();
        Optional<KeystoneToken> answer;
        try {
            answer = keystone.validate(token);
            said = null;
        } catch (KeystoneException e) {
            if (!e.getMessage().equals(said)) {
                said = e.getMessage();
                LOG.warn("no token can be validated: {}", e.getMessage());
            }
            throw new ApiError(
                    503,
                    "Keystone can't be asked who this is, so nobody is let in; the hub's log says why. Try again later.",
                    e);
        }
        if (answer.isEmpty() || !now.isBefore(answer.get().expires())) {
            refused.put(token, true, now.plus(rules.refused()));
            failed.failed(remote);
            throw unauthorized();
        }
        Caller caller = meaning.apply(answer.get());
        Instant until = now.plus(rules.known());
        known.put(
                token,
                caller,
                until.isBefore(answer.get().expires()) ? until : answer.get().expires());
        return caller;
    }

    private static ApiError unauthorized() {
        return new ApiError(401, "The request you have made requires authentication.");
    }
}
