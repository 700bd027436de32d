package org.caravan.hub;

import java.time.Clock;
import javax.sql.DataSource;
import org.caravan.hub.config.HubConfig;
import org.caravan.invoice.Credits;

/** What issues the credit notes of a ledger, as the configuration describes it. */
public final class Crediting {
    private Crediting() {}

    /** For an opened ledger. */
    public static Credits of(HubConfig config, DataSource dataSource, Clock clock) {
        return new Credits(dataSource, ComponentSettings.close(config), clock);
    }
}
