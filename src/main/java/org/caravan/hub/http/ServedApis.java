package org.caravan.hub.http;

import java.sql.SQLException;
import java.time.Clock;
import java.util.Set;
import java.util.function.Function;
import javax.sql.DataSource;
import org.caravan.api.auth.ApiKeys;
import org.caravan.api.auth.FailedKeys;
import org.caravan.api.auth.KeyAuthenticator;
import org.caravan.api.auth.KeysFirst;
import org.caravan.api.auth.NoAuthenticator;
import org.caravan.api.auth.ResellerAuthenticator;
import org.caravan.api.http.Api;
import org.caravan.api.http.Apis;
import org.caravan.api.http.Authenticator;
import org.caravan.api.push.PushApi;
import org.caravan.api.rating.Backend;
import org.caravan.api.rating.BilledUsage;
import org.caravan.api.rating.RatingApi;
import org.caravan.api.rating.RatingSettings;
import org.caravan.api.reseller.ResellerApi;
import org.caravan.api.reseller.ResellerBackend;
import org.caravan.api.samples.SampleIntake;
import org.caravan.api.samples.SamplesApi;
import org.caravan.api.subscription.SubscriptionApi;
import org.caravan.api.subscription.SubscriptionBackend;
import org.caravan.hub.config.HttpOptions;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.metering.MeterCatalog;
import org.caravan.rating.hashmap.TariffSource;

/** The contracts that a hub serves, as it is configured. */
public final class ServedApis {
    /** Whose keys may bring usage. */
    private static final Set<ApiKeys.Kind> SENDERS = Set.of(ApiKeys.Kind.OPERATOR, ApiKeys.Kind.SOURCE);

    private ServedApis() {}

    /**
     * Puts them together.
     *
     * @param pushes the contract by which usage is pushed, for those whom its authenticator knows; null where none is
     * @param samples what takes pushed samples in, or null where none are
     * @param subscriptions what the contract of merchants works on
     * @param resellers what the contract of resellers works on
     */
    public static Apis of(
            HubConfig config,
            DataSource ledger,
            String currency,
            MeterCatalog meters,
            TariffSource tariff,
            BilledUsage usage,
            Function<Authenticator, Api> pushes,
            SampleIntake samples,
            SubscriptionBackend subscriptions,
            ResellerBackend resellers,
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
        FailedKeys failed = new FailedKeys(clock, config.integer(HttpOptions.MAX_WRONG_KEYS));
        Authenticator authenticator = authenticator(config, ledger, failed, clock);
        Apis.Builder apis = Apis.rest(RatingApi.of(backend, authenticator));
        if (pushes != null) {
            KeyAuthenticator keys = new KeyAuthenticator(new ApiKeys(ledger, clock), failed, SENDERS, false);
            // whoever shows no key of ours is taken as by the other contracts, or not at all
            boolean keysAlone = config.get(Settings.AUTH).equals("key");
            apis.below(PushApi.BELOW, pushes.apply(keysAlone ? keys : new KeysFirst(keys, authenticator)));
        }
        if (samples != null) {
            apis.below(SamplesApi.PATH, SamplesApi.of(samples, sources(config, ledger, failed, clock)));
        }
        Api merchants =
                SubscriptionApi.of(subscriptions, MerchantAccess.of(config, ledger, authenticator, failed, clock));
        SubscriptionApi.BELOW.forEach(path -> apis.below(path, merchants).below("/v2" + path, merchants));
        apis.below(
                ResellerApi.BELOW,
                ResellerApi.of(
                        resellers.counting(failed), new ResellerAuthenticator(new ApiKeys(ledger, clock), failed)));
        return apis.build();
    }

    /** Senders of samples have keys of ours, also where people come with tokens of Keystone. */
    private static Authenticator sources(HubConfig config, DataSource ledger, FailedKeys failed, Clock clock) {
        return config.get(Settings.AUTH).equals("none")
                ? new NoAuthenticator()
                : new KeyAuthenticator(new ApiKeys(ledger, clock), failed, SENDERS, true);
    }

    private static Authenticator authenticator(HubConfig config, DataSource ledger, FailedKeys failed, Clock clock)
            throws SQLException {
        return switch (config.get(Settings.AUTH)) {
            case "none" -> new NoAuthenticator();
            case "keystone" -> KeystoneAccess.authenticator(config, failed, clock);
            default -> {
                ApiKeys keys = new ApiKeys(ledger, clock);
                OperatorKey.make(config, keys);
                yield new KeyAuthenticator(keys, failed, Set.of(ApiKeys.Kind.OPERATOR), false);
            }
        };
    }
}
