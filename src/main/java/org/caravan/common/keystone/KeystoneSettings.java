package org.caravan.common.keystone;

import java.net.URI;
import java.time.Duration;

/**
 * Where Keystone is and how patient to be with it.
 *
 * @param url with the version, without a slash at its end; see {@link #url(String)}
 * @param login of the hub's own user
 * @param timeout longest time for one request, from the connection to the last byte of the answer
 * @param connections most requests at one time; more wait for a tenth of the timeout
 */
public record KeystoneSettings(URI url, KeystoneLogin login, Duration timeout, int connections) {
    /** Longest answer; one about a token with a thousand roles has 80 kB. */
    static final int MAX_ANSWER_BYTES = 1 << 20;

    /**
     * The address of version 3, from what people write as {@code OS_AUTH_URL}: with or without version and slash.
     *
     * @throws IllegalArgumentException if it is no address of http or https, with what is expected
     */
    public static URI url(String text) {
        URI url;
        try {
            url = URI.create(text.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("expected an address such as https://keystone.example:5000/v3", e);
        }
        boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        if (!http || url.getHost() == null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException("expected an address such as https://keystone.example:5000/v3");
        }
        if (url.getRawUserInfo() != null) {
            throw new IllegalArgumentException("expected an address without user and password in it");
        }
        String plain = url.toString().replaceFirst("/+$", "");
        return URI.create(plain.endsWith("/v3") ? plain : plain + "/v3");
    }
}
