package org.caravan.hub;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.invoice.Leases;
import org.caravan.invoice.document.AccountProfiles;
import org.caravan.metering.MeterCatalog;
import org.caravan.rating.ModuleChain;
import org.caravan.rating.TariffFile;
import org.caravan.rating.hashmap.Tariff;
import org.caravan.rating.hashmap.TariffHolder;

/** The hub that runs until it is told to end: usage in, months closed, documents delivered. */
public final class Run {
    private final HubConfig config;
    private final Clock clock;
    private final CountDownLatch end = new CountDownLatch(1);

    public Run(HubConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    /**
     * Starts the hub and returns when the process is told to end or {@link #stop} was called.
     *
     * @param started told once everything runs
     * @throws UserError if the configuration is wrong or the work can't begin
     */
    public void run(Runnable started) throws Exception {
        Hub.check(config);
        MeterCatalog meters = BillInput.meters(config);
        AccountProfiles accounts = BillInput.accounts(config);
        TariffFile.Result tariff = TariffFile.read(config.get(Settings.TARIFF));
        try (Teardown teardown = new Teardown()) {
            LedgerDatabase database = teardown.add(LedgerDatabase.start(config, tariff.currency()));
            Map<String, Object> beans = HubBeans.of(
                    config,
                    database.dataSource(),
                    new ModuleChain(new TariffHolder(Tariff.compile(tariff.ruleSet()))),
                    meters,
                    accounts,
                    clock);
            accounts.check(database.identity().currency());
            if (database.isOursAlone()) {
                Leases.lapseAll(database.dataSource(), clock);
            }
            beans.put(
                    "closer", Closers.of(config, database.dataSource(), database.identity(), accounts, meters, clock));
            teardown.add(Hub.start(config, Hub.Mode.RUN, beans, Map.of()));
            teardown.add(end::countDown);
            started.run();
            end.await();
        }
    }

    /** Lets {@link #run} come to its end. */
    public void stop() {
        end.countDown();
    }
}
