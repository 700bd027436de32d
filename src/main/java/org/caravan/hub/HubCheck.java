package org.caravan.hub;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.caravan.common.UserError;
import org.caravan.common.keystone.KeystoneClient;
import org.caravan.common.keystone.KeystoneException;
import org.caravan.hub.check.CamelLook;
import org.caravan.hub.check.CheckFinding.Level;
import org.caravan.hub.check.CheckReport;
import org.caravan.hub.check.ConnectorLook;
import org.caravan.hub.check.PortLook;
import org.caravan.hub.check.RouteLook;
import org.caravan.hub.config.GnocchiOptions;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.KeystoneOptions;
import org.caravan.hub.config.Setting;
import org.caravan.hub.config.Settings;
import org.caravan.hub.connector.HubConnectors;
import org.caravan.hub.gnocchi.MetricsFile;
import org.caravan.hub.http.ApiServer;
import org.caravan.hub.http.KeystoneAccess;
import org.caravan.hub.management.Management;
import org.caravan.hub.source.SourceCheck;
import org.caravan.hub.source.SourceFinding;
import org.caravan.invoice.SecretFile;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.metering.MeterCatalog;
import org.caravan.rating.TariffFile;
import org.caravan.rating.cost.RatesFile;

/** Looks at everything that a hub of this configuration would use: one thing after the other, each to its end. */
public final class HubCheck {
    private static final String SETTINGS = "settings";
    private static final String FILES = "files";

    /** Without what was found wrong so far. */
    private HubConfig config;

    private final CheckReport report;
    private final Duration limit;
    private final Clock clock;
    private final Set<String> connectors = new TreeSet<>();
    private MeterCatalog meters;
    private String currency;

    /**
     * @param config what could be read of the configuration
     * @param limit longest wait for each that is asked
     */
    public HubCheck(HubConfig config, CheckReport report, Duration limit, Clock clock) {
        this.config = config;
        this.report = report;
        this.limit = limit;
        this.clock = clock;
    }

    /**
     * Looks.
     *
     * @param wrong what could not be read of the configuration
     */
    public void look(List<UserError> wrong) {
        wrong.forEach(error -> report.add(Level.WRONG, SETTINGS, CheckReport.thing(error.getMessage()), error));
        settings();
        files();
        report.look(Level.WRONG, "routes", "caravan.routes", () -> {
            RouteLook.look(config.get(Settings.ROUTES), routeProperties(), report);
            return null;
        });
        new ConnectorLook(config, report, connectors, limit).look();
        new PortLook(config, report, limit).look();
        LedgerLook ledger = new LedgerLook(config, currency, limit);
        report.ask(Level.FAILED, "database", "ledger", limit.plusSeconds(1), ledger::look);
        keystone();
        sources(ledger);
    }

    private void settings() {
        report.good(SETTINGS, "all", config.said().size() + " are said, beside the defaults");
        config = config.without(CamelLook.look(config, report));
        wrong("caravan.api", () -> ApiServer.checkSettings(config));
        wrong("caravan.management", () -> Management.checkSettings(config));
        wrong("caravan.push", () -> Pushes.check(config));
        wrong("caravan.out", () -> config.find(Settings.OUT)
                .ifPresent(out -> Paths.writableDirectory("output directory", out)));
        wrong("caravan.inbox", () -> {
            Path inbox = config.find(Settings.INBOX).orElse(null);
            if (inbox != null) {
                Run.checkInbox(config, inbox);
            }
        });
        for (Setting<Path> file : HubConfig.secretFiles()) {
            wrong(file.key(), () -> config.find(file).ifPresent(path -> readable(file, path)));
        }
        if (connectors.isEmpty() && !HubConnectors.said(config).containsKey(HubConnectors.CSV_DIRECTORY)) {
            report.add(
                    Level.WARNING,
                    SETTINGS,
                    "caravan.out",
                    "caravan.out is not set: the connector csv-directory has nowhere to write to",
                    "set it, or let the accounts name other connectors");
        }
    }

    private void readable(Setting<Path> setting, Path file) {
        try {
            if (SecretFile.read(file.toString()).isEmpty()) {
                throw new UserError(config.where(setting.key()) + file + " is empty; write the secret into it");
            }
        } catch (UserError e) {
            throw e.getMessage().startsWith(config.where(setting.key()))
                    ? e
                    : new UserError(
                            config.where(setting.key()) + e.getMessage()
                                    + "; see that it is there and that this user may read it",
                            e);
        }
    }

    private void files() {
        report.look(Level.WRONG, FILES, Settings.TARIFF.key(), () -> {
            Path file = config.find(Settings.TARIFF).orElse(null);
            TariffFile.Result tariff = file == null ? null : TariffFile.read(file);
            currency = HubRules.currency(config, tariff);
            if (tariff == null) {
                return "none is named; the ledger's own rules hold";
            }
            tariff.warnings()
                    .forEach(
                            warning -> report.add(Level.WARNING, FILES, Settings.TARIFF.key(), new UserError(warning)));
            return file + " is a tariff in " + tariff.currency();
        });
        report.look(Level.WRONG, FILES, Settings.METERS.key(), () -> {
            meters = BillInput.meters(config);
            return meters.listed().size() + " meters are listed";
        });
        if (meters == null) {
            config = config.without(Set.of(Settings.METERS.key(), Settings.CSV_MAPPINGS.key()));
        }
        report.look(Level.WRONG, FILES, Settings.ACCOUNTS.key(), this::accounts);
        report.look(Level.WRONG, FILES, Settings.RESELLER.key(), () -> {
            BillInput.reseller(config);
            return "can be used";
        });
        named(Settings.COST_RATES, file -> new RatesFile(file).name() + " can be used");
        named(Settings.INVOICE_FILE, file -> HubConnectors.adapter(config)
                .map(adapter -> "names the adapter " + adapter.object())
                .orElse("names no adapter"));
        if (meters != null && config.find(GnocchiOptions.URL).isPresent()) {
            named(GnocchiOptions.METRICS, file -> MetricsFile.read(file, meters).size() + " metrics");
        }
    }

    private String accounts() {
        AccountProfiles accounts = BillInput.accounts(config);
        connectors.addAll(accounts.profile("").connectors());
        accounts.named().forEach(profile -> connectors.addAll(profile.connectors()));
        if (currency != null) {
            accounts.check(currency);
        }
        return accounts.named().size() + " accounts are listed; documents go to "
                + (connectors.isEmpty() ? "no connector" : String.join(", ", connectors));
    }

    private void named(Setting<Path> setting, java.util.function.Function<Path, String> look) {
        config.find(setting).ifPresent(file -> report.look(Level.WRONG, FILES, setting.key(), () -> look.apply(file)));
    }

    /** With all that is wrong in it told elsewhere, routes are tried as they stand without a source. */
    private Map<String, String> routeProperties() {
        try {
            return RouteProperties.of(config, Hub.Mode.RUN);
        } catch (UserError e) {
            return RouteProperties.of(config, Hub.Mode.BILL);
        }
    }

    private void keystone() {
        if (config.find(KeystoneOptions.URL).isEmpty()) {
            return;
        }
        report.look(Level.WRONG, "keystone", "caravan.keystone", () -> {
            KeystoneClient keystone = new KeystoneClient(KeystoneAccess.settings(config), clock);
            report.ask(Level.FAILED, "keystone", "caravan.keystone", limit.plusSeconds(1), () -> {
                try {
                    keystone.token(null);
                } catch (KeystoneException e) {
                    throw new UserError(1, e.getMessage(), e);
                }
                return config.get(KeystoneOptions.URL) + " lets the hub's user in";
            });
            return null;
        });
    }

    private void sources(LedgerLook ledger) {
        try (SourceChecks checks = SourceChecks.none()) {
            for (SourceChecks.Kind kind : SourceChecks.Kind.values()) {
                report.look(Level.WRONG, SETTINGS, kind.settings, () -> {
                    checks.add(kind, config, ledger.ready(), clock);
                    return null;
                });
            }
            for (SourceCheck source : checks.all()) {
                // a look into a source asks several times, each of which is bounded by itself
                report.ask(Level.FAILED, "sources", source.name(), limit.multipliedBy(4), () -> {
                    source.check().forEach(finding -> add(source, finding));
                    return null;
                });
            }
        }
    }

    private void add(SourceCheck source, SourceFinding finding) {
        Level level =
                switch (finding.level()) {
                    case GOOD -> Level.GOOD;
                    case WARNING -> Level.WARNING;
                    case BAD -> Level.FAILED;
                };
        report.add(level, "sources", source.name(), finding.what() + ": " + finding.text(), finding.remedy());
    }

    private void wrong(String thing, Runnable check) {
        report.look(Level.WRONG, SETTINGS, thing, () -> {
            check.run();
            return null;
        });
    }
}
