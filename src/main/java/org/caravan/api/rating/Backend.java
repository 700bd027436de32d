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
 */
public record Backend(
        DataSource ledger,
        String currency,
        MeterCatalog meters,
        TariffSource tariff,
        RatingSettings settings,
        Clock clock) {}
