package org.caravan.hub;

import java.time.Clock;
import javax.sql.DataSource;
import org.caravan.api.rating.BilledUsage;
import org.caravan.api.subscription.SubscriptionBackend;
import org.caravan.api.subscription.UsagePush;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.ledger.Ledger;
import org.caravan.metering.MeterCatalog;
import org.caravan.rating.ModuleChain;
import org.caravan.rating.hashmap.TariffSource;
import org.caravan.subscription.DocumentVoiding;
import org.caravan.subscription.TenantTying;
import org.caravan.subscription.payment.PaymentPlugins;

/** What merchants and their customers are served from, as the configuration describes it. */
final class SubscriptionDesk {
    private SubscriptionDesk() {}

    /** @param ledger the one of this process */
    static SubscriptionBackend of(
            HubConfig config,
            DataSource dataSource,
            Ledger ledger,
            MeterCatalog meters,
            TariffSource rules,
            BilledUsage usage,
            Clock clock) {
        return new SubscriptionBackend(
                dataSource,
                usage.reports(),
                new UsagePush(
                        dataSource, ledger, ComponentSettings.metering(config), meters, new ModuleChain(rules), clock),
                PaymentPlugins.found(),
                new TenantTying(Subscriptions.ties(config, dataSource, clock)),
                new DocumentVoiding(dataSource, ComponentSettings.close(config), clock),
                meter -> meters.meter(meter).bands() != null,
                Subscriptions.hasKeystone(config),
                config.integer(Settings.API_MAX_LIST),
                clock);
    }
}
