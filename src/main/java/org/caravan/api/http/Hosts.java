package org.caravan.api.http;

import java.util.Locale;
import java.util.Set;

/**
 * Which Host headers are ours. A page of another site that has its own name resolved to our address still sends that name:
 * it must not reach a hub that trusts everyone on loopback.
 */
public final class Hosts {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private final Set<String> named;

    /** @param named beside those of loopback, in lower case, without port */
    public Hosts(Set<String> named) {
        this.named = Set.copyOf(named);
    }

    /** @param host the header's value, or null */
    public boolean isOurs(String host) {
        if (host == null) {
            return false;
        }
        String name = withoutPort(host.strip()).toLowerCase(Locale.ROOT);
        return LOOPBACK.contains(name) || named.contains(name);
    }

    private static String withoutPort(String host) {
        int end = host.startsWith("[") ? host.indexOf(']') + 1 : 0;
        int colon = host.indexOf(':', end);
        return colon < 0 ? host : host.substring(0, colon);
    }
}
