package org.caravan.hub;

import java.time.Clock;
import java.util.List;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.invoice.Closer;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.ledger.LedgerSchema;
import org.caravan.metering.MeterCatalog;

/** What closes the months of a ledger, as the configuration describes it. */
public final class Closers {
    private Closers() {}

    /**
     * For an opened ledger.
     *
     * @throws UserError if nothing was ever put into the ledger, or accounts or meters can't be read
     */
    public static Closer of(HubConfig config, DataSource dataSource, Clock clock) {
        LedgerSchema.Identity identity = LedgerSchema.find(dataSource);
        if (identity == null) {
            throw new UserError("the ledger is empty: there is no month to close; take in usage first");
        }
        return of(config, dataSource, identity, BillInput.accounts(config), BillInput.meters(config), clock);
    }

    static Closer of(
            HubConfig config,
            DataSource dataSource,
            LedgerSchema.Identity identity,
            AccountProfiles accounts,
            MeterCatalog meters,
            Clock clock) {
        return new Closer(
                dataSource,
                identity,
                Subscriptions.accounts(config, accounts, identity.currency()),
                Subscriptions.contracts(config, identity.currency()),
                HubBeans.labels(meters),
                ComponentSettings.close(config),
                ComponentSettings.closePolicy(config),
                List.of(),
                CostSource.of(config, identity.currency(), clock),
                clock);
    }
}
