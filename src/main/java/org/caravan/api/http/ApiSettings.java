package org.caravan.api.http;

import java.util.Set;

/**
 * What holds for all served APIs.
 *
 * @param maxBody longest body, in bytes
 * @param hosts whom requests may be meant for
 * @param publicUrl what callers know this server by, such as {@code https://billing.example}, without a slash at its end;
 *     null = as the request says
 */
public record ApiSettings(int maxBody, Hosts hosts, String publicUrl) {
    /** What holds where nothing else is said. */
    public static ApiSettings defaults() {
        return new ApiSettings(10 << 20, new Hosts(Set.of(), true), null);
    }
}
