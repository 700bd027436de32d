package org.caravan.api.rating;

import java.time.Clock;
import javax.sql.DataSource;
import org.caravan.ledger.Ledger;
import org.caravan.ledger.LedgerSettings;
import org.caravan.ledger.PushedPositions;
import org.caravan.ledger.Scopes;
import org.caravan.ledger.report.ReportSettings;
import org.caravan.ledger.report.Reports;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.MeteringSettings;
import org.caravan.metering.UsageKey;

/**
 * What routes of usage work on.
 *
 * @param realm whose usage is served: its tenants are the contract's projects and scopes
 */
public record BilledUsage(String realm, Reports reports, UsageIntake intake, Scopes scopes) {
    /** Of the default realm, within the limits that hold where nothing else is said. */
    public static BilledUsage of(DataSource ledger, MeterCatalog meters, Clock clock) {
        return new BilledUsage(
                UsageKey.DEFAULT_REALM,
                new Reports(ledger, ReportSettings.defaults()),
                new UsageIntake(
                        new Ledger(ledger, LedgerSettings.defaults(), clock),
                        new PushedPositions(ledger),
                        MeteringSettings.defaults(),
                        meters,
                        clock),
                new Scopes(ledger, clock));
    }
}
