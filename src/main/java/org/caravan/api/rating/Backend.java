package org.caravan.api.rating;

import java.time.Clock;
import javax.sql.DataSource;
import org.caravan.metering.MeterCatalog;

/**
 * What the groups of routes work on.
 *
 * @param ledger the ledger's database, with its rules
 * @param meters the catalogue of meters
 * @param usage what was used and billed
 */
public record Backend(
        DataSource ledger, MeterCatalog meters, BilledUsage usage, RatingSettings settings, Clock clock) {}
