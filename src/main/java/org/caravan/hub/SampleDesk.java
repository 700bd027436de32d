package org.caravan.hub;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import org.caravan.hub.config.HubConfig;
import org.caravan.ledger.CommitResult;
import org.caravan.ledger.Ledger;
import org.caravan.ledger.SampleWindows;
import org.caravan.ledger.SamplesChanged;
import org.caravan.metering.UsageBatch;
import org.caravan.rating.Rater;

/** The samples of a ledger, opened for a command: beside a running hub or without one. */
public final class SampleDesk {
    private static final int ATTEMPTS = 5;

    private SampleDesk() {}

    /**
     * Makes usage of a tenant's hour again, of all samples that there are by now. What is as billed is a duplicate; what differs
     * is a conflict and lies in quarantine.
     *
     * @throws org.caravan.common.UserError if there is nothing to make again
     */
    public static CommitResult recollect(HubConfig config, OpenLedger opened, String tenant, Instant hour, Clock clock)
            throws SQLException {
        Ledger ledger = new Ledger(opened.dataSource(), ComponentSettings.ledger(config), clock);
        Rater rater = QuarantineDesk.rater(config, opened.dataSource(), clock);
        SampleWindows windows = Samples.windows(config, opened.dataSource(), BillInput.meters(config), clock);
        for (int attempt = 1; ; attempt++) {
            UsageBatch batch = windows.again(tenant, hour);
            rater.rate(batch);
            try {
                return ledger.commit(batch);
            } catch (SamplesChanged e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
