package org.caravan.hub.http;

import java.sql.SQLException;
import java.time.Clock;
import javax.sql.DataSource;
import org.caravan.api.auth.ApiKeys;
import org.caravan.api.auth.KeyAuthenticator;
import org.caravan.api.auth.NoAuthenticator;
import org.caravan.api.auth.SourceAuthenticator;
import org.caravan.api.http.Apis;
import org.caravan.api.http.Authenticator;
import org.caravan.api.rating.Backend;
import org.caravan.api.rating.BilledUsage;
import org.caravan.api.rating.RatingApi;
import org.caravan.api.rating.RatingSettings;
import org.caravan.api.samples.SampleIntake;
import org.caravan.api.samples.SamplesApi;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.metering.MeterCatalog;
import org.caravan.rating.hashmap.TariffSource;

/** The contracts that a hub serves, as it is configured. */
public final class ServedApis {
    private ServedApis() {}

    /** @param samples what takes pushed samples in, or null where none are */
    public static Apis of(
            HubConfig config,
            DataSource ledger,
            String currency,
            MeterCatalog meters,
            TariffSource tariff,
            BilledUsage usage,
            SampleIntake samples,
            Clock clock)
            throws SQLException {
        Backend backend = new Backend(
                ledger,
                currency,
                meters,
                tariff,
                usage,
                new RatingSettings(
                        Integer.parseInt(config.get(Settings.API_PUT_STATUS)), config.integer(Settings.API_MAX_LIST)),
                clock);
        Apis.Builder apis = Apis.rest(RatingApi.of(backend, authenticator(config, ledger, clock)));
        if (samples != null) {
            apis.below(SamplesApi.PATH, SamplesApi.of(samples, sources(config, ledger, clock)));
        }
        return apis.build();
    }

    /** Senders of usage have keys of ours, also where people come with tokens of Keystone. */
    private static Authenticator sources(HubConfig config, DataSource ledger, Clock clock) {
        return config.get(Settings.AUTH).equals("none")
                ? new NoAuthenticator()
                : new SourceAuthenticator(new ApiKeys(ledger, clock), clock);
    }

    private static Authenticator authenticator(HubConfig config, DataSource ledger, Clock clock) throws SQLException {
        return switch (config.get(Settings.AUTH)) {
            case "none" -> new NoAuthenticator();
            case "keystone" -> KeystoneAccess.authenticator(config, clock);
            default -> {
                ApiKeys keys = new ApiKeys(ledger, clock);
                OperatorKey.make(config, keys);
                yield new KeyAuthenticator(keys, clock);
            }
        };
    }
}
