package org.caravan.hub.management;

import java.time.Duration;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;

/**
 * From when on something needs attention.
 *
 * @param grace how long a month waits after its end before it is closed by itself
 * @param monthOverdue how much longer it may stay open
 * @param sourceSilence how long a source's positions may stand still
 * @param lag how many messages may wait in a partition
 * @param deliveryAge how old the oldest document may grow that is not committed
 * @param quarantineHeld how many records may lie in quarantine
 * @param diskFree bytes that must be free on the disk of each directory
 * @param ratedLag how far behind now a source may be rated
 * @param unpriced how many records of open months may have no price
 * @param ledgerSilence how long the database may stay without answer
 */
public record Limits(
        Duration grace,
        Duration monthOverdue,
        Duration sourceSilence,
        long lag,
        Duration deliveryAge,
        long quarantineHeld,
        long diskFree,
        Duration ratedLag,
        long unpriced,
        Duration ledgerSilence) {
    public static Limits of(HubConfig config) {
        return new Limits(
                config.get(Settings.CLOSE_GRACE),
                config.get(Settings.HEALTH_MONTH_OVERDUE),
                config.get(Settings.HEALTH_SOURCE_SILENCE),
                config.get(Settings.HEALTH_LAG),
                config.get(Settings.HEALTH_DELIVERY_AGE),
                config.get(Settings.HEALTH_QUARANTINE_HELD),
                config.get(Settings.HEALTH_DISK_FREE),
                config.get(Settings.HEALTH_RATED_LAG),
                config.get(Settings.HEALTH_UNPRICED),
                config.get(Settings.HEALTH_LEDGER_SILENCE));
    }
}
