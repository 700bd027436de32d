package org.caravan.hub.http;

import java.time.Clock;
import java.util.Set;
import javax.sql.DataSource;
import org.caravan.api.auth.ApiKeys;
import org.caravan.api.auth.FailedKeys;
import org.caravan.api.auth.KeyAuthenticator;
import org.caravan.api.auth.KeysFirst;
import org.caravan.api.auth.MerchantAuthenticator;
import org.caravan.api.http.Authenticator;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.KeystoneOptions;
import org.caravan.hub.config.Settings;

/** Who may ask the subscription API: merchants by their keys, operators, and customers by tokens of Keystone. */
final class MerchantAccess {
    private MerchantAccess() {}

    /** @param operators whom the other contracts take for operators */
    static Authenticator of(
            HubConfig config, DataSource ledger, Authenticator operators, FailedKeys failed, Clock clock) {
        ApiKeys keys = new ApiKeys(ledger, clock);
        KeyAuthenticator whole =
                new KeyAuthenticator(keys, failed, Set.of(ApiKeys.Kind.OPERATOR, ApiKeys.Kind.MERCHANT), false);
        Authenticator others =
                switch (config.get(Settings.AUTH)) {
                    case "none" -> new KeysFirst(whole, operators);
                    case "keystone" -> new KeysFirst(whole, KeystoneAccess.customers(config, failed, clock, false));
                    default ->
                        config.find(KeystoneOptions.URL).isPresent()
                                ? new KeysFirst(whole, KeystoneAccess.customers(config, failed, clock, true))
                                : whole;
                };
        return new MerchantAuthenticator(keys, failed, others);
    }
}
