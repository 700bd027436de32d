package org.caravan.hub;

import java.net.URI;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.common.keystone.KeystoneClient;
import org.caravan.hub.config.GnocchiOptions;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Setting;
import org.caravan.hub.config.Settings;
import org.caravan.hub.gnocchi.GnocchiLogin;
import org.caravan.hub.gnocchi.GnocchiSettings;
import org.caravan.hub.gnocchi.GnocchiSource;
import org.caravan.hub.gnocchi.GnocchiTrial;
import org.caravan.hub.gnocchi.MetricsFile;
import org.caravan.hub.http.KeystoneAccess;
import org.caravan.ledger.PulledMetrics;
import org.caravan.ledger.Sources;
import org.caravan.metering.MeterCatalog;

/** The Gnocchi that the configuration names, as a part of a running hub. */
final class GnocchiMetrics {
    private GnocchiMetrics() {}

    /** @throws UserError if something of it can't be used */
    static void check(HubConfig config, MeterCatalog meters) {
        if (config.find(GnocchiOptions.URL).isEmpty()) {
            return;
        }
        settings(config);
        login(config, Clock.systemUTC());
        MetricsFile.read(config.get(GnocchiOptions.METRICS), meters);
        String name = config.get(GnocchiOptions.SOURCE);
        for (Setting<String> other : List.of(Settings.INBOX_SOURCE, Settings.KAFKA_SOURCE)) {
            if (config.get(other).equals(name)) {
                throw new UserError(config.where(GnocchiOptions.SOURCE.key()) + name + " is " + other.key()
                        + ", too; each source needs a name of its own");
            }
        }
    }

    /** Makes the source known to the ledger and puts the route's bean among the others, where one is configured. */
    static void prepare(
            HubConfig config, DataSource ledger, Map<String, Object> beans, MeterCatalog meters, Clock clock)
            throws SQLException {
        if (!RouteProperties.readsGnocchi(config, Hub.Mode.RUN)) {
            return;
        }
        GnocchiSource source = new GnocchiSource(
                settings(config),
                MetricsFile.read(config.get(GnocchiOptions.METRICS), meters),
                meters,
                login(config, clock),
                new PulledMetrics(ledger, config.get(Settings.LOCK_WAIT), clock),
                new Sources(ledger, clock),
                clock);
        source.configure(config.find(GnocchiOptions.FROM).orElseGet(() -> startOfMonth(clock)));
        beans.put("gnocchi", source);
    }

    /** What tries the source and says what it found, without a ledger. */
    static GnocchiTrial trial(HubConfig config, MeterCatalog meters, Clock clock) {
        return new GnocchiTrial(
                settings(config),
                MetricsFile.read(config.get(GnocchiOptions.METRICS), meters),
                meters,
                login(config, clock),
                clock);
    }

    private static GnocchiSettings settings(HubConfig config) {
        return new GnocchiSettings(
                config.get(GnocchiOptions.SOURCE),
                url(config),
                config.find(GnocchiOptions.DATACENTER).orElse(""),
                config.get(GnocchiOptions.WAIT),
                config.get(GnocchiOptions.WINDOW),
                config.get(GnocchiOptions.SECOND_LOOK),
                config.integer(GnocchiOptions.BATCH_RECORDS),
                config.integer(GnocchiOptions.PAGE_RESOURCES),
                config.get(GnocchiOptions.ENDED),
                config.get(GnocchiOptions.COUNTER_GAP),
                config.find(GnocchiOptions.MAX_BACKLOG).orElse(null),
                config.get(GnocchiOptions.TIMEOUT),
                config.integer(GnocchiOptions.MAX_ANSWER),
                config.get(GnocchiOptions.RETRY));
    }

    private static URI url(HubConfig config) {
        try {
            return GnocchiSettings.url(config.get(GnocchiOptions.URL));
        } catch (IllegalArgumentException e) {
            throw new UserError(config.where(GnocchiOptions.URL.key()) + e.getMessage(), e);
        }
    }

    private static GnocchiLogin login(HubConfig config, Clock clock) {
        return config.get(GnocchiOptions.AUTH).equals("keystone")
                ? GnocchiLogin.keystone(new KeystoneClient(KeystoneAccess.settings(config), clock))
                : GnocchiLogin.basic(
                        config.get(GnocchiOptions.USER),
                        config.find(GnocchiOptions.PASSWORD).orElse(""));
    }

    private static Instant startOfMonth(Clock clock) {
        return YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC))
                .atDay(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
    }
}
