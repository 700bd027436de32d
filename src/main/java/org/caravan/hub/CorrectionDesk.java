package org.caravan.hub;

import java.sql.SQLException;
import java.time.Clock;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.invoice.Leases;
import org.caravan.invoice.rerate.Corrections;
import org.caravan.ledger.LedgerSchema;
import org.caravan.metering.MeterCatalog;
import org.caravan.rating.TariffFile;
import org.caravan.rating.hashmap.TariffSource;

/** A ledger opened to correct issued months, by the meters and prices of the configuration. */
public final class CorrectionDesk implements AutoCloseable {
    private final HubConfig config;
    private final Clock clock;
    private final OpenLedger opened;

    private CorrectionDesk(HubConfig config, Clock clock, OpenLedger opened) {
        this.config = config;
        this.clock = clock;
        this.opened = opened;
    }

    /** @throws UserError if no ledger is named, there is none, or it can't be reached */
    public static CorrectionDesk open(HubConfig config, Clock clock) throws SQLException {
        OpenLedger opened = OpenLedger.open(config);
        try {
            if (opened.isOursAlone()) {
                // one that was killed has nothing to say any more
                Leases.lapseAll(opened.dataSource());
            }
            return new CorrectionDesk(config, clock, opened);
        } catch (SQLException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** The currency that the ledger rates in. */
    public String currency() {
        LedgerSchema.Identity identity = LedgerSchema.find(opened.dataSource());
        if (identity == null || identity.currency() == null) {
            throw new UserError("the ledger is empty: nothing was issued that could be corrected");
        }
        return identity.currency();
    }

    /**
     * What corrects.
     *
     * @throws UserError if meters or prices can't be read, or are in another currency than the ledger
     */
    public Corrections corrections() throws SQLException {
        MeterCatalog meters = BillInput.meters(config);
        TariffFile.Result file = HubRules.file(config);
        String wanted = HubRules.currency(config, file);
        if (file != null && !wanted.equals(currency())) {
            throw new UserError("currency: this ledger rates in " + currency() + ", the tariff in " + wanted
                    + "; name the tariff that the ledger is rated by");
        }
        TariffSource tariff = HubRules.ofBill(config, opened.dataSource(), file, clock);
        return new Corrections(
                opened.dataSource(),
                ComponentSettings.ledger(config),
                meters,
                tariff,
                ComponentSettings.rerate(config),
                clock);
    }

    @Override
    public void close() {
        opened.close();
    }
}
