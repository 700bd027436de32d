package org.caravan.api.auth;

import java.util.Map;
import org.caravan.api.http.Authenticator;
import org.caravan.api.http.Caller;

/** Lets a key of ours speak for itself, and asks another authenticator about whoever shows none. */
public final class KeysFirst implements Authenticator {
    private final KeyAuthenticator keys;
    private final Authenticator others;

    /** @param others who is taken beside the keys: by a token of Keystone, or anybody where there is no authentication */
    public KeysFirst(KeyAuthenticator keys, Authenticator others) {
        this.keys = keys;
        this.others = others;
    }

    @Override
    public Caller authenticate(Map<String, String> headers, String remote) {
        String token = KeyAuthenticator.token(headers);
        return token != null && ApiKeys.isKey(token)
                ? keys.authenticate(headers, remote)
                : others.authenticate(headers, remote);
    }
}
