package org.caravan.hub;

import static org.caravan.hub.config.Settings.BATCH_SIZE;
import static org.caravan.hub.config.Settings.EARLIEST;
import static org.caravan.hub.config.Settings.LOCK_WAIT;
import static org.caravan.hub.config.Settings.MAX_DURATION;
import static org.caravan.hub.config.Settings.MAX_HELD_BYTES;
import static org.caravan.hub.config.Settings.MAX_HELD_RECORDS;
import static org.caravan.hub.config.Settings.MAX_LINE_BYTES;
import static org.caravan.hub.config.Settings.MAX_RAW_BYTES;
import static org.caravan.hub.config.Settings.MAX_SERIES;
import static org.caravan.hub.config.Settings.MAX_SKEW;
import static org.caravan.hub.config.Settings.READ_AHEAD;
import static org.caravan.hub.config.Settings.RECENT_BATCHES;
import static org.caravan.hub.config.Settings.REFUSE_ABOVE;
import static org.caravan.hub.config.Settings.REFUSE_PERCENT;

import java.time.Duration;
import java.util.List;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.hub.management.Secrets;
import org.caravan.invoice.ClosePolicy;
import org.caravan.invoice.CloseSettings;
import org.caravan.invoice.DeliverySettings;
import org.caravan.invoice.rerate.RerateSettings;
import org.caravan.ledger.LedgerSettings;
import org.caravan.metering.CsvMapping;
import org.caravan.metering.MeteringSettings;

/** From the hub's settings to those of its parts; what the hub does not offer keeps the part's default. */
final class ComponentSettings {
    private static final int PROFORMA_ATTEMPTS = 3;
    /** Of one transaction. */
    private static final int RERATE_ATTEMPTS = 3;

    private ComponentSettings() {}

    static MeteringSettings metering(HubConfig config) {
        MeteringSettings defaults = MeteringSettings.defaults();
        return new MeteringSettings(
                config.integer(BATCH_SIZE),
                config.integer(READ_AHEAD),
                true,
                config.integer(MAX_LINE_BYTES),
                config.integer(MAX_RAW_BYTES),
                defaults.maxKeys(),
                defaults.maxKeyBytes(),
                defaults.maxTextLength(),
                defaults.maxMetadataLength(),
                defaults.maxMetadataFields(),
                config.get(MAX_DURATION),
                config.get(MAX_SKEW),
                config.get(EARLIEST),
                config.integer(REFUSE_ABOVE),
                config.integer(REFUSE_PERCENT),
                mappings(config));
    }

    /** @throws org.caravan.common.UserError naming file and line of what is wrong in a mapping */
    static List<CsvMapping> mappings(HubConfig config) {
        return config.find(Settings.CSV_MAPPINGS).orElse(List.of()).stream()
                .map(CsvMapping::read)
                .toList();
    }

    static LedgerSettings ledger(HubConfig config) {
        return new LedgerSettings(
                config.find(MAX_SERIES)
                        .map(Math::toIntExact)
                        .orElse(LedgerSettings.defaults().maxSeriesInMemory()),
                config.integer(RECENT_BATCHES),
                config.get(LOCK_WAIT),
                config.integer(MAX_RAW_BYTES),
                config.get(MAX_HELD_RECORDS),
                config.get(MAX_HELD_BYTES));
    }

    static CloseSettings close(HubConfig config) {
        CloseSettings defaults = CloseSettings.defaults();
        Duration longestIssue = config.get(LOCK_WAIT).multipliedBy(defaults.attempts() + 1);
        return new CloseSettings(
                defaults.accountsPerTransaction(),
                defaults.sumsPerTransaction(),
                config.get(LOCK_WAIT),
                // it is renewed between two transactions, so it must outlast one
                longestIssue.compareTo(defaults.lease()) > 0 ? longestIssue : defaults.lease(),
                defaults.attempts());
    }

    static ClosePolicy closePolicy(HubConfig config) {
        return new ClosePolicy(
                config.get(Settings.CLOSE_GRACE),
                config.get(Settings.CLOSE_UNPRICED).equals("allow"),
                config.get(Settings.CLOSE_QUARANTINE).equals("allow"),
                config.get(Settings.CLOSE_APPROVAL).equals("manual"));
    }

    static RerateSettings rerate(HubConfig config) {
        RerateSettings defaults = RerateSettings.defaults();
        Duration longest = config.get(LOCK_WAIT).multipliedBy(RERATE_ATTEMPTS + 1);
        return new RerateSettings(
                config.integer(Settings.RERATE_RECORDS),
                config.get(LOCK_WAIT),
                // it is renewed by each transaction, so it must outlast one
                longest.compareTo(defaults.lease()) > 0 ? longest : defaults.lease());
    }

    static DeliverySettings delivery(HubConfig config) {
        DeliverySettings defaults = DeliverySettings.defaults();
        int attempts = config.integer(Settings.DELIVERY_ATTEMPTS);
        return new DeliverySettings(
                defaults.claimSize(),
                config.get(Settings.DELIVERY_LEASE),
                config.get(Settings.DELIVERY_FIRST_DELAY),
                config.get(Settings.DELIVERY_MAX_DELAY),
                defaults.jitterPercent(),
                // No later run goes on with a ledger that is thrown away.
                LedgerDatabase.isProforma(config) ? Math.min(attempts, PROFORMA_ATTEMPTS) : attempts,
                defaults.maxErrorLength(),
                config.integer(Settings.DELIVERY_LANES),
                config.integer(Settings.DELIVERY_BATCH_BYTES),
                new Secrets(config.secrets())::mask);
    }
}
