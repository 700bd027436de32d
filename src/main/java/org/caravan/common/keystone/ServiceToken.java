package org.caravan.common.keystone;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.caravan.common.keystone.KeystoneException.Cause;

/**
 * The token of the hub's own user: fetched when first needed, again before it expires or when Keystone doesn't take it any
 * more. Many threads ask; one fetches, the others wait for it.
 */
final class ServiceToken {
    private static final Duration MARGIN = Duration.ofMinutes(5);
    /** A wrong password tried at every request would lock the account. */
    private static final Duration PAUSE_REFUSED = Duration.ofSeconds(30);
    /** Whoever waited while an attempt failed need not fail one by one. */
    private static final Duration PAUSE_AWAY = Duration.ofSeconds(1);

    private final KeystoneSettings settings;
    private final KeystoneHttp http;
    private final Clock clock;

    private String token;
    private Instant renewAt = Instant.MIN;
    private KeystoneException failure;
    private Instant retryAt = Instant.MIN;

    ServiceToken(KeystoneSettings settings, KeystoneHttp http, Clock clock) {
        this.settings = settings;
        this.http = http;
        this.clock = clock;
    }

    /** @param spent a token that Keystone doesn't take any more, or null */
    synchronized String get(String spent) throws KeystoneException {
        if (token != null && !token.equals(spent) && clock.instant().isBefore(renewAt)) {
            return token;
        }
        if (clock.instant().isBefore(retryAt)) {
            throw failure;
        }
        try {
            fetch();
            return token;
        } catch (KeystoneException e) {
            token = null;
            failure = e;
            retryAt = clock.instant().plus(e.kind() == Cause.REFUSED ? PAUSE_REFUSED : PAUSE_AWAY);
            throw e;
        }
    }

    private void fetch() throws KeystoneException {
        Instant asked = clock.instant();
        HttpResponse<byte[]> answer =
                http.send(HttpRequest.newBuilder(URI.create(settings.url() + "/auth/tokens?nocatalog"))
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json")
                        .POST(BodyPublishers.ofString(settings.login().body().toString()))
                        .build());
        if (answer.statusCode() == 401 || answer.statusCode() == 403) {
            throw new KeystoneException(
                    Cause.REFUSED,
                    "Keystone at " + settings.url() + " does not let in " + settings.login()
                            + "; see caravan.keystone.user, its domain, its project and its password",
                    null);
        }
        JsonNode body = KeystoneToken.json(answer.body());
        String fetched = answer.headers().firstValue("X-Subject-Token").orElse("");
        Instant issued = KeystoneToken.time(body.path("token").path("issued_at"));
        Instant expires = KeystoneToken.time(body.path("token").path("expires_at"));
        if (answer.statusCode() != 201 || !KeystoneToken.isText(fetched) || issued == null || expires == null) {
            throw new KeystoneException(
                    Cause.STRANGE,
                    "what answers at " + settings.url() + " is no Keystone v3 (status " + answer.statusCode()
                            + "); see caravan.keystone.url",
                    null);
        }
        // its life, not its end: this machine's clock need not be Keystone's
        Duration life = Duration.between(issued, expires);
        Duration margin = life.dividedBy(10).compareTo(MARGIN) < 0 ? life.dividedBy(10) : MARGIN;
        token = fetched;
        renewAt = asked.plus(life).minus(margin);
    }
}
