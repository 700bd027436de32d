package org.caravan.api.rating;

import java.time.Clock;
import javax.sql.DataSource;
import org.caravan.metering.MeterCatalog;
import org.caravan.rating.hashmap.TariffSource;

/**
 * What the groups of routes work on.
 *
 * @param ledger the ledger's database, with its rules
 * @param currency ISO 4217 code of what the ledger rates in
 * @param meters the catalogue of meters
 * @param tariff what usage is priced by now
 * @param usage what was used and billed
 */
public record Backend(
        DataSource ledger,
        String currency,
        MeterCatalog meters,
        TariffSource tariff,
        BilledUsage usage,
        RatingSettings settings,
        Clock clock) {
    /** With the limits of reports as they are unless said otherwise. */
    public Backend(
            DataSource ledger,
            String currency,
            MeterCatalog meters,
            TariffSource tariff,
            RatingSettings settings,
            Clock clock) {
        this(ledger, currency, meters, tariff, BilledUsage.of(ledger, meters, clock), settings, clock);
    }
}
