package org.caravan.api.http;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which Host headers are ours. A page of another site that has its own name resolved to our address still sends that name:
 * it must not reach a hub that trusts everyone on loopback. It can only come under a name, never under an address.
 */
public final class Hosts {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}([.]\\d{1,3}){3}|\\[[0-9a-fA-F:.]+]");

    private final Set<String> named;
    private final boolean addresses;

    /**
     * @param named beside those of loopback, in lower case, without port
     * @param addresses true if any address in figures is ours, too
     */
    public Hosts(Set<String> named, boolean addresses) {
        this.named = Set.copyOf(named);
        this.addresses = addresses;
    }

    /** @param host the header's value, or null */
    public boolean isOurs(String host) {
        if (host == null) {
            return false;
        }
        String name = withoutPort(host.strip()).toLowerCase(Locale.ROOT);
        return LOOPBACK.contains(name)
                || named.contains(name)
                || addresses && ADDRESS.matcher(name).matches();
    }

    private static String withoutPort(String host) {
        int end = host.startsWith("[") ? host.indexOf(']') + 1 : 0;
        int colon = host.indexOf(':', end);
        return colon < 0 ? host : host.substring(0, colon);
    }
}
