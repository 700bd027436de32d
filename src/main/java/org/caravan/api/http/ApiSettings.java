package org.caravan.api.http;

import java.util.Set;

/**
 * The limits of the served APIs.
 *
 * @param maxBody longest body, in bytes; an unpacked one is bound by it, too
 * @param hosts names in lower case that the Host header may have beside those of loopback, without port
 */
public record ApiSettings(int maxBody, Set<String> hosts) {
    public ApiSettings {
        hosts = Set.copyOf(hosts);
    }

    /** What holds where nothing else is said. */
    public static ApiSettings defaults() {
        return new ApiSettings(10 << 20, Set.of());
    }
}
