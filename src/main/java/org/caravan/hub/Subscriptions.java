package org.caravan.hub;

import java.math.BigDecimal;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.caravan.common.Decimals;
import org.caravan.common.UserError;
import org.caravan.common.keystone.Identity;
import org.caravan.common.keystone.KeystoneClient;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.KeystoneOptions;
import org.caravan.hub.config.Settings;
import org.caravan.hub.config.SubscriptionOptions;
import org.caravan.hub.http.KeystoneAccess;
import org.caravan.invoice.Closer;
import org.caravan.invoice.contract.Contracts;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.invoice.document.Accounts;
import org.caravan.reseller.OpenBill;
import org.caravan.subscription.billing.BillingSettings;
import org.caravan.subscription.billing.CustomerPayer;
import org.caravan.subscription.billing.PlanContracts;
import org.caravan.subscription.billing.SubscriptionAccounts;
import org.caravan.subscription.provision.Provisioning;
import org.caravan.subscription.provision.ProvisioningSettings;
import org.caravan.subscription.tie.Ties;

/** What subscriptions need, as the configuration says it. */
public final class Subscriptions {
    private Subscriptions() {}

    /** Accounts of the file, and customers beside them. */
    static Accounts accounts(HubConfig config, AccountProfiles file, String currency) {
        return new SubscriptionAccounts(file, billing(config), currency);
    }

    /** What clients of resellers would be billed now. */
    static OpenBill bill(HubConfig config, Closer closer, AccountProfiles file, String currency) {
        BillingSettings settings = billing(config);
        return (client, month) -> closer.proforma(month, new CustomerPayer(file, settings, currency, client.id()));
    }

    /** What plans charge. */
    static Contracts contracts(HubConfig config, String currency) {
        return new PlanContracts(billing(config), currency);
    }

    /** Ties of subscriptions to tenants. */
    public static Ties ties(HubConfig config, DataSource ledger, Clock clock) {
        return new Ties(ledger, config.get(Settings.LOCK_WAIT), clock);
    }

    /** Keystone with the hub's own user; empty where none is configured. */
    public static Optional<Identity> identity(HubConfig config, Clock clock) {
        return hasKeystone(config)
                ? Optional.of(new KeystoneClient(KeystoneAccess.settings(config), clock).identity())
                : Optional.empty();
    }

    static boolean hasKeystone(HubConfig config) {
        return config.find(KeystoneOptions.URL).isPresent();
    }

    /** What makes projects; empty where no Keystone is configured. */
    static Optional<Provisioning> provisioning(HubConfig config, DataSource ledger, Clock clock) {
        return identity(config, clock)
                .map(identity -> new Provisioning(
                        ledger,
                        identity,
                        ties(config, ledger, clock),
                        new ProvisioningSettings(
                                config.get(SubscriptionOptions.ROLE),
                                config.get(SubscriptionOptions.CUSTOMER_ROLE),
                                config.get(SubscriptionOptions.DOMAIN),
                                config.get(SubscriptionOptions.FIRST_DELAY),
                                config.get(SubscriptionOptions.MAX_DELAY),
                                config.integer(SubscriptionOptions.ATTEMPTS),
                                config.get(SubscriptionOptions.LEASE)),
                        clock));
    }

    static BillingSettings billing(HubConfig config) {
        return new BillingSettings(
                config.get(SubscriptionOptions.PER).equals("tenant"),
                config.get(SubscriptionOptions.UNSUBSCRIBED).equals("hold"),
                rates(config),
                config.get(SubscriptionOptions.DUE),
                config.get(SubscriptionOptions.MINIMUM_CHARGE));
    }

    private static Map<String, BigDecimal> rates(HubConfig config) {
        Map<String, BigDecimal> rates = new HashMap<>();
        for (String pair : config.find(SubscriptionOptions.RATES).orElse("").split(",")) {
            if (pair.isBlank()) {
                continue;
            }
            String[] parts = pair.strip().split("=", 2);
            try {
                BigDecimal rate = Decimals.parse(parts[1].strip());
                java.util.Currency.getInstance(parts[0].strip());
                if (rate.signum() <= 0 || rates.put(parts[0].strip(), rate) != null) {
                    throw new IllegalArgumentException();
                }
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                throw new UserError(
                        config.where(SubscriptionOptions.RATES.key()) + "'" + pair.strip()
                                + "': expected a currency, each once, and its rate, such as USD=1.08",
                        e);
            }
        }
        return rates;
    }
}
