package org.caravan.hub;

import java.sql.SQLException;
import java.time.Clock;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.ledger.HeldReader;
import org.caravan.ledger.Ledger;
import org.caravan.ledger.LedgerSchema;
import org.caravan.ledger.Quarantine;
import org.caravan.ledger.QuarantineRetry;
import org.caravan.metering.MeterCatalog;
import org.caravan.rating.ModuleChain;
import org.caravan.rating.Rater;
import org.caravan.rating.TariffFile;
import org.caravan.rating.store.RuleStore;

/** A ledger's quarantine, opened for a command: beside a running hub or without one. */
public final class QuarantineDesk implements AutoCloseable {
    private final HubConfig config;
    private final Clock clock;
    private final OpenLedger opened;

    private QuarantineDesk(HubConfig config, Clock clock, OpenLedger opened) {
        this.config = config;
        this.clock = clock;
        this.opened = opened;
    }

    /** @throws UserError if no ledger is named, there is none, or it can't be reached */
    public static QuarantineDesk open(HubConfig config, Clock clock) {
        return new QuarantineDesk(config, clock, OpenLedger.open(config));
    }

    public DataSource dataSource() {
        return opened.dataSource();
    }

    public Quarantine quarantine() {
        return new Quarantine(opened.dataSource(), clock);
    }

    /**
     * What bills held records, under the meters and prices of the configuration.
     *
     * @throws UserError if those can't be read, or rate in another currency than the ledger
     */
    public QuarantineRetry retry() throws SQLException {
        MeterCatalog meters = BillInput.meters(config);
        Rater rater = rater(config, opened.dataSource(), clock);
        Ledger ledger = new Ledger(opened.dataSource(), ComponentSettings.ledger(config), clock);
        HeldReader reader = new HeldReader(ComponentSettings.metering(config), meters, clock, rater::rate);
        return new QuarantineRetry(opened.dataSource(), ledger, reader, clock);
    }

    /** True if {@link #retry} has prices to rate by. */
    public boolean hasPrices() throws SQLException {
        return config.find(Settings.TARIFF).isPresent() || !new RuleStore(opened.dataSource(), clock).isEmpty();
    }

    /** As a bill is priced: by the file that the command names, the ledger's rules, or the file of the configuration. */
    static Rater rater(HubConfig config, DataSource ledger, Clock clock) throws SQLException {
        TariffFile.Result file = HubRules.file(config);
        String currency = HubRules.currency(config, file);
        LedgerSchema.Identity identity = LedgerSchema.find(ledger);
        if (file != null && identity != null && !currency.equals(identity.currency())) {
            throw new UserError("currency: this ledger rates in " + identity.currency() + ", the tariff in " + currency
                    + "; name the tariff that the ledger is rated by");
        }
        return new ModuleChain(HubRules.ofBill(config, ledger, file, clock));
    }

    @Override
    public void close() {
        opened.close();
    }
}
