package org.caravan.api.http;

import java.util.Map;

/** Knows who asks. */
public interface Authenticator {
    /**
     * @param headers by name in lower case
     * @param remote the address that the request came from
     * @return never null; {@link Caller#NOBODY} where nothing was shown
     * @throws ApiError 401 if what was shown is not valid, 429 after too many of these
     */
    Caller authenticate(Map<String, String> headers, String remote);
}
