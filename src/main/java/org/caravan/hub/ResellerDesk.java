package org.caravan.hub;

import java.time.Clock;
import javax.sql.DataSource;
import org.caravan.api.auth.ApiKeys;
import org.caravan.api.auth.ResellerLogins;
import org.caravan.api.reseller.ResellerBackend;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.invoice.Closer;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.reseller.ResellerFile;

/** What resellers are served from, as the configuration describes it. */
final class ResellerDesk {
    private ResellerDesk() {}

    /**
     * @param closer the one that closes this ledger's months
     * @param accounts of the file
     */
    static ResellerBackend of(
            HubConfig config,
            DataSource dataSource,
            String currency,
            ResellerFile file,
            Closer closer,
            AccountProfiles accounts,
            Clock clock) {
        return new ResellerBackend(
                dataSource,
                currency,
                file,
                new ApiKeys(dataSource, clock),
                new ResellerLogins(dataSource, clock),
                Subscriptions.bill(config, closer, accounts, currency),
                config.integer(Settings.API_MAX_LIST),
                clock);
    }
}
