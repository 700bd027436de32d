package org.caravan.hub.management;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.caravan.api.http.Hosts;

/**
 * Refuses requests that were meant for another host: a page of somebody's own, whose name was made to point at this machine,
 * would otherwise read the hub through the browser of whoever opens it. An address in figures is always let through, as such
 * a page can only come under a name.
 */
public final class HostGuard {
    private static final int MISDIRECTED = 421;

    private final Hosts names;

    /** @param names what else this server is called, beside {@code localhost} */
    public HostGuard(Collection<String> names) {
        this.names = new Hosts(
                names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet()),
                true);
    }

    /** Lets a request through or ends it with 421. */
    void handle(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        // HTTP/2 has a field of its own for it
        HostAndPort authority = request.version() == HttpVersion.HTTP_2 ? request.authority() : null;
        if (isOurs(authority == null ? request.getHeader("Host") : authority.toString())) {
            routing.next();
        } else {
            routing.response()
                    .setStatusCode(MISDIRECTED)
                    .putHeader("Content-Type", "text/plain; charset=utf-8")
                    .end("this host is not served here; caravan.management.hosts names those that are\n");
        }
    }

    /**
     * Whether the value of the header Host names this server.
     *
     * @param host null if there was none
     */
    public boolean isOurs(String host) {
        return names.isOurs(host);
    }
}
