package org.caravan.hub;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.apache.camel.Route;
import org.caravan.api.http.Apis;
import org.caravan.api.rating.BilledUsage;
import org.caravan.api.samples.SampleIntake;
import org.caravan.common.UserError;
import org.caravan.hub.cli.StandingCommands;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.hub.connector.ConnectorOrders;
import org.caravan.hub.connector.ConnectorWatch;
import org.caravan.hub.connector.HubConnectors;
import org.caravan.hub.connector.LiveConnectors;
import org.caravan.hub.db.EmbeddedPostgres;
import org.caravan.hub.http.ApiServer;
import org.caravan.hub.http.ServedApis;
import org.caravan.hub.inbox.InboxSource;
import org.caravan.hub.management.Management;
import org.caravan.invoice.Closer;
import org.caravan.invoice.Leases;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.invoice.rerate.Rerating;
import org.caravan.ledger.Ledger;
import org.caravan.ledger.Sources;
import org.caravan.metering.Inbox;
import org.caravan.metering.MeterCatalog;
import org.caravan.rating.ModuleChain;
import org.caravan.rating.TariffFile;
import org.caravan.rating.hashmap.TariffSource;
import org.caravan.reseller.ResellerFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The hub that runs until it is told to end: usage in, months closed, documents delivered. */
public final class Run {
    private static final Logger LOG = LoggerFactory.getLogger(Run.class);

    private final HubConfig config;
    private final Supplier<HubConfig> rereading;
    private final Clock clock;
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile Running running;

    /** With a configuration that stays as it is. */
    public Run(HubConfig config, Clock clock) {
        this(() -> config, clock);
    }

    /**
     * @param reading reads the configuration; read again for connectors that are applied while the hub runs
     * @throws UserError if the configuration is wrong
     */
    public Run(Supplier<HubConfig> reading, Clock clock) {
        this.config = reading.get();
        this.rereading = reading;
        this.clock = clock;
    }

    /**
     * What runs.
     *
     * @param ledger where it is kept, a directory or a URL
     * @param inbox watched for usage files, or null
     * @param out where the csv-directory connector writes invoices, or null
     * @param api where APIs are served, or null
     * @param routes ids of the routes that were started
     */
    public record Running(String ledger, Path inbox, Path out, String api, List<String> routes) {}

    /**
     * Starts the hub and returns when the process is told to end or {@link #stop} was called.
     *
     * @param started told once everything runs; {@link #running} says what
     * @throws UserError if the configuration is wrong or the work can't begin
     */
    public void run(Runnable started) throws Exception {
        MaskedLog.of(config);
        checkDirectories();
        Hub.check(config);
        checkPorts();
        KafkaTopic.check(config);
        Pushes.check(config);
        SqlTable.check(config);
        MeterCatalog meters = BillInput.meters(config);
        GnocchiMetrics.check(config, meters);
        AccountProfiles accounts = BillInput.accounts(config);
        ResellerFile reseller = BillInput.reseller(config);
        TariffFile.Result tariff = HubRules.file(config);
        String currency = HubRules.currency(config, tariff);
        LedgerDatabase.checkCurrency(config, currency);
        Inbox inbox = inbox();
        Samples.check(config, meters);
        Inbox samplesInbox = Samples.inbox(config);
        try (Teardown teardown = new Teardown()) {
            LedgerDatabase database = teardown.add(LedgerDatabase.startPatiently(config, currency));
            accounts.check(database.identity().currency());
            database.keepRunning();
            TariffSource rules = HubRules.following(config, database.dataSource(), tariff, clock);
            Map<String, Object> beans = HubBeans.of(
                    config,
                    database.dataSource(),
                    new ModuleChain(rules),
                    meters,
                    Subscriptions.accounts(config, accounts, database.identity().currency()),
                    clock);
            if (database.isOursAlone()) {
                Leases.lapseAll(database.dataSource());
            }
            beans.put(
                    "closer", Closers.of(config, database.dataSource(), database.identity(), accounts, meters, clock));
            beans.put(
                    "rerating",
                    new Rerating(
                            database.dataSource(),
                            ComponentSettings.ledger(config),
                            meters,
                            rules,
                            ComponentSettings.rerate(config),
                            clock));
            Subscriptions.provisioning(config, database.dataSource(), clock)
                    .ifPresent(provisioning -> beans.put("provisioning", provisioning));
            watch(inbox, database, beans);
            Pushes pushes = Pushes.prepare(config, database.dataSource(), beans, clock);
            Samples samples = Samples.prepare(config, database.dataSource(), samplesInbox, meters, beans, clock);
            if (samples != null) {
                teardown.add(samples);
            }
            Apis apis = ApiServer.isWanted(config)
                    ? apis(
                            database,
                            beans,
                            meters,
                            rules,
                            pushes,
                            samples == null ? null : samples.intake(),
                            reseller,
                            accounts)
                    : null;
            warnOfOut();
            GnocchiMetrics.prepare(config, database.dataSource(), beans, meters, clock);
            KafkaTopic topic = KafkaTopic.prepare(config, database.dataSource(), beans, clock);
            if (topic != null) {
                teardown.add(topic);
            }
            SqlTable table = SqlTable.prepare(config, database.dataSource(), beans, clock);
            if (table != null) {
                teardown.add(table);
            }
            Hub hub = teardown.add(
                    Hub.start(config, Hub.Mode.RUN, beans, Map.of(), main -> ApiServer.configure(main, config, apis)));
            if (pushes != null) {
                pushes.open(hub.context());
            }
            ApiServer.guard(hub.context(), config, apis);
            teardown.add(Management.start(
                    hub.context(),
                    database.dataSource(),
                    config,
                    new StandingCommands(config, database.dataSource()),
                    clock));
            teardown.add(new ConnectorWatch(
                            new ConnectorOrders(database.dataSource(), clock),
                            new LiveConnectors(hub.context(), hub.told()),
                            rereading)
                    .start());
            if (topic != null) {
                teardown.add(topic.watch());
            }
            if (samples != null) {
                teardown.add(samples.watch(hub.context()));
            }
            teardown.add(end::countDown);
            running = running(hub, inbox);
            started.run();
            end.await();
        }
    }

    /** What runs; null before it does. */
    public Running running() {
        return running;
    }

    /** Lets {@link #run} come to its end. */
    public void stop() {
        end.countDown();
    }

    /** A second hub finds its ports taken by the first, too; then who holds its data says more. */
    private void checkPorts() {
        try {
            Management.check(config);
            ApiServer.check(config);
        } catch (UserError taken) {
            if (config.find(Settings.LEDGER_URL).isEmpty()) {
                EmbeddedPostgres.refuseInUse(config.get(Settings.DATA));
            }
            throw taken;
        }
    }

    private void checkDirectories() {
        config.find(Settings.DATA).ifPresent(Paths::dataDirectory);
        config.find(Settings.OUT).ifPresent(out -> {
            Paths.writableDirectory("output directory", out);
            // Not taken back at the end, as a bill does: it belongs to the hub that stays.
            OutDirectory.make(out);
        });
    }

    private Apis apis(
            LedgerDatabase database,
            Map<String, Object> beans,
            MeterCatalog meters,
            TariffSource rules,
            Pushes pushes,
            SampleIntake samples,
            ResellerFile reseller,
            AccountProfiles accounts)
            throws SQLException {
        Ledger ledger = (Ledger) beans.get("ledger");
        BilledUsage usage = UsageBackend.of(config, database.dataSource(), ledger, meters, clock);
        return ServedApis.of(
                config,
                database.dataSource(),
                database.identity().currency(),
                meters,
                rules,
                usage,
                pushes == null ? null : pushes::api,
                samples,
                SubscriptionDesk.of(config, database.dataSource(), ledger, meters, rules, usage, clock),
                ResellerDesk.of(
                        config,
                        database.dataSource(),
                        database.identity().currency(),
                        reseller,
                        (Closer) beans.get("closer"),
                        accounts,
                        clock),
                clock);
    }

    /** The inbox that the configuration names, or null. */
    private Inbox inbox() {
        Path directory = config.find(Settings.INBOX).orElse(null);
        if (directory == null) {
            return null;
        }
        checkInbox(config, directory);
        return Inbox.open(directory, RouteProperties.mark(config));
    }

    /** @throws UserError if this directory can't be an inbox beside the hub's others */
    static void checkInbox(HubConfig config, Path directory) {
        for (var other : List.of(Settings.DATA, Settings.OUT)) {
            if (config.find(other).filter(path -> isSame(path, directory)).isPresent()) {
                throw new UserError(config.where(Settings.INBOX.key()) + directory + " is " + other.key()
                        + ", too; usage needs a directory of its own");
            }
        }
        RouteProperties.checkDirectory(config, Settings.INBOX, directory);
    }

    static boolean isSame(Path one, Path other) {
        try {
            return one.equals(other) || Files.isSameFile(one, other);
        } catch (java.io.IOException e) {
            return false;
        }
    }

    private void watch(Inbox inbox, LedgerDatabase database, Map<String, Object> beans) throws SQLException {
        if (inbox == null) {
            return;
        }
        InboxSource source = new InboxSource(
                config.get(Settings.INBOX_SOURCE),
                inbox,
                new Sources(database.dataSource(), clock),
                config.get(Settings.CLOSE_GRACE),
                config.get(Settings.INBOX_RETRY),
                clock);
        source.configure();
        beans.put("inbox", source);
    }

    private void warnOfOut() {
        if (!HubConnectors.said(config).containsKey(HubConnectors.CSV_DIRECTORY)) {
            LOG.warn(
                    "caravan.out is not set: the connector csv-directory has nowhere to write to; what it should deliver"
                            + " is kept and tried again");
        }
    }

    private Running running(Hub hub, Inbox inbox) {
        return new Running(
                config.find(Settings.LEDGER_URL)
                        .map(url -> url.replaceFirst("[?].*", ""))
                        .orElseGet(() -> config.get(Settings.DATA).toString()),
                inbox == null ? null : inbox.directory(),
                config.find(Settings.OUT).orElse(null),
                ApiServer.url(config),
                hub.context().getRoutes().stream()
                        .map(Route::getRouteId)
                        .sorted()
                        .toList());
    }
}
