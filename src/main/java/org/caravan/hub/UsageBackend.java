package org.caravan.hub;

import java.time.Clock;
import javax.sql.DataSource;
import org.caravan.api.rating.BilledUsage;
import org.caravan.api.rating.UsageIntake;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.ledger.Ledger;
import org.caravan.ledger.PushedPositions;
import org.caravan.ledger.Scopes;
import org.caravan.ledger.report.ReportSettings;
import org.caravan.ledger.report.Reports;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.UsageKey;

/** What the rating API reads of usage and puts into the ledger, as the configuration bounds it. */
final class UsageBackend {
    private UsageBackend() {}

    /** @param ledger the one of this process */
    static BilledUsage of(HubConfig config, DataSource dataSource, Ledger ledger, MeterCatalog meters, Clock clock) {
        return new BilledUsage(
                UsageKey.DEFAULT_REALM,
                new Reports(dataSource, settings(config)),
                new UsageIntake(
                        ledger, new PushedPositions(dataSource), ComponentSettings.metering(config), meters, clock),
                new Scopes(dataSource, clock));
    }

    private static ReportSettings settings(HubConfig config) {
        return new ReportSettings(
                config.get(Settings.REPORT_MAX_WINDOW),
                config.get(Settings.REPORT_MAX_RECORDS),
                config.integer(Settings.REPORT_MAX_ROWS),
                config.get(Settings.REPORT_TIMEOUT),
                config.integer(Settings.REPORT_AT_ONCE));
    }
}
