package org.caravan.common.keystone;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.Optional;
import org.caravan.common.keystone.KeystoneException.Cause;

/** Asks Keystone in the name of the hub's own user. Safe for many threads. */
public final class KeystoneClient {
    private final KeystoneSettings settings;
    private final KeystoneHttp http;
    private final ServiceToken own;

    public KeystoneClient(KeystoneSettings settings, Clock clock) {
        this.settings = settings;
        this.http = new KeystoneHttp(settings);
        this.own = new ServiceToken(settings, http, clock);
    }

    /**
     * What Keystone says of a token that somebody shows.
     *
     * @param token see {@link KeystoneToken#isText}
     * @return empty if it is not valid (any more)
     * @throws KeystoneException if Keystone can't be asked; nothing may be concluded of the token then
     */
    public Optional<KeystoneToken> validate(String token) throws KeystoneException {
        HttpResponse<byte[]> answer = ask(token);
        if (answer.statusCode() == 404) {
            return Optional.empty();
        }
        if (answer.statusCode() == 401 || answer.statusCode() == 403) {
            throw new KeystoneException(
                    Cause.REFUSED,
                    "Keystone at " + settings.url() + " does not let " + settings.login()
                            + " validate tokens (status " + answer.statusCode()
                            + "); give it a role that may, such as service or admin",
                    null);
        }
        Optional<KeystoneToken> known =
                answer.statusCode() == 200 ? KeystoneToken.read(answer.body()) : Optional.empty();
        if (known.isEmpty()) {
            throw new KeystoneException(
                    Cause.STRANGE,
                    "what answers at " + settings.url() + " is no Keystone v3 (status " + answer.statusCode()
                            + "); see caravan.keystone.url",
                    null);
        }
        return known;
    }

    /** Projects, users' roles and what else is kept in Keystone, in the name of the same user. */
    public Identity identity() {
        return new KeystoneIdentity(settings, http, own);
    }

    /**
     * The token of the hub's own user, for services that know it by Keystone, too.
     *
     * @param spent one that such a service did not take any more, or null
     * @throws KeystoneException if there is none to be had
     */
    public String token(String spent) throws KeystoneException {
        return own.get(spent);
    }

    private HttpResponse<byte[]> ask(String token) throws KeystoneException {
        String mine = own.get(null);
        HttpResponse<byte[]> answer = http.send(validation(mine, token));
        // ours may have been revoked, or Keystone's keys were changed
        return answer.statusCode() == 401 ? http.send(validation(own.get(mine), token)) : answer;
    }

    private HttpRequest validation(String mine, String token) {
        return HttpRequest.newBuilder(URI.create(settings.url() + "/auth/tokens?nocatalog"))
                .header("Accept", "application/json")
                .header("X-Auth-Token", mine)
                .header("X-Subject-Token", token)
                .GET()
                .build();
    }
}
