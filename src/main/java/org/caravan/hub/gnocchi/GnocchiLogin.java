package org.caravan.hub.gnocchi;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.caravan.common.keystone.KeystoneClient;
import org.caravan.common.keystone.KeystoneException;

/** How the hub proves itself to Gnocchi. Safe for concurrent use. */
public interface GnocchiLogin {
    /** The header that carries the proof. */
    String header();

    /**
     * Its value.
     *
     * @param spent one that Gnocchi did not take any more, or null
     * @return null where there is no other than that one
     */
    String value(String spent) throws GnocchiFailure;

    /** A user of Gnocchi's mode {@code basic}, which checks no password. */
    static GnocchiLogin basic(String user, String password) {
        String value =
                "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        return new GnocchiLogin() {
            @Override
            public String header() {
                return "Authorization";
            }

            @Override
            public String value(String spent) {
                return value.equals(spent) ? null : value;
            }
        };
    }

    /** The hub's own user at Keystone; its token is renewed before it ends, and when Gnocchi does not take it any more. */
    static GnocchiLogin keystone(KeystoneClient keystone) {
        return new GnocchiLogin() {
            @Override
            public String header() {
                return "X-Auth-Token";
            }

            @Override
            public String value(String spent) throws GnocchiFailure {
                try {
                    return keystone.token(spent);
                } catch (KeystoneException e) {
                    throw GnocchiFailure.away(e.getMessage(), e);
                }
            }
        };
    }
}
