package org.caravan.hub.management;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckResultStrategy;
import org.apache.camel.main.Main;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;

/** Makes a running hub seen: starts and ends everything in this package. */
public final class Management implements AutoCloseable {
    private final Watch watch;

    private Management(Watch watch) {
        this.watch = watch;
    }

    /** @throws UserError if what is configured here can't be had, before anything is begun */
    public static void check(HubConfig config) {
        ManagementServer.check(config);
    }

    /** @throws UserError if what is configured here can't be had, whoever listens on the port now */
    public static void checkSettings(HubConfig config) {
        ManagementServer.checkSettings(config);
    }

    /**
     * Tells Camel what it has to bring, before it is started.
     *
     * @throws UserError as {@link #check}
     */
    public static void configure(Main main, HubConfig config) {
        check(config);
        main.configure().metrics().withEnabled(true).withEnableExchangeEventNotifier(false);
        main.configure().health().withEnabled(true).withExposureLevel("full");
        HealthCheckResultStrategy mask = mask(new Secrets(config.secrets()));
        main.bind("caravanHealthMask", mask);
        ManagementServer.configure(main, config);
        if (config.get(Settings.MANAGEMENT).equals("full")) {
            FullManagement.configure(main);
        }
    }

    /**
     * Begins to watch the ledger and to answer.
     *
     * @param context of a started hub
     * @param commands what MBeans order
     */
    public static Management start(
            CamelContext context, DataSource ledger, HubConfig config, Commands commands, Clock clock)
            throws Exception {
        Limits limits = Limits.of(config);
        Secrets secrets = new Secrets(config.secrets());
        Watch watch = new Watch(ledger, clock, config.get(Settings.MANAGEMENT_INTERVAL), secrets::mask);
        Surroundings surroundings = new Surroundings(config, secrets::mask);
        Attention attention = new Attention(watch, surroundings, limits);
        ManagementServer.guard(context, config);
        HealthChecks.register(HealthCheckRegistry.get(context), attention);
        MeterRegistry metrics = context.getRegistry()
                .lookupByNameAndType(MicrometerConstants.METRICS_REGISTRY_NAME, MeterRegistry.class);
        LocalMetrics local = new LocalMetrics(metrics);
        watch.beside(() -> local.update(surroundings.look()));
        new HubMetrics(metrics, attention).bind();
        CommitTimer timer = new CommitTimer(metrics);
        timer.start();
        context.getManagementStrategy().addEventNotifier(timer);
        new Beans(context, attention, commands).register();
        watch.start();
        return new Management(watch);
    }

    /** What Camel's own checks say may quote a route's error, and with it a secret. */
    private static HealthCheckResultStrategy mask(Secrets secrets) {
        return (check, options, builder) -> {
            if (builder.error() != null) {
                String error = builder.error().toString();
                builder.message(builder.message() == null ? error : builder.message() + ": " + error);
                builder.error(null);
            }
            builder.message(secrets.mask(builder.message()));
        };
    }

    @Override
    public void close() throws InterruptedException {
        watch.close();
    }
}
