package org.caravan.hub;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.Route;
import org.apache.camel.main.Main;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.hub.connector.ConnectorCamel;
import org.caravan.hub.connector.ConnectorProperties;
import org.caravan.hub.connector.HubConnectors;
import org.caravan.hub.connector.KameletProperties;
import org.caravan.hub.http.HttpServers;
import org.caravan.hub.management.Management;
import org.caravan.invoice.ConnectorName;
import org.caravan.invoice.InvoiceConfiguration;
import org.caravan.invoice.InvoiceEndpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Camel context with the hub's routes and connectors. */
final class Hub implements AutoCloseable {
    private static final int SHUTDOWN_SECONDS = 30;
    private static final Logger LOG = LoggerFactory.getLogger(Hub.class);

    private final Main main;
    private final ConnectorProperties told;

    /** What a hub is started for. */
    enum Mode {
        /** One month, then the end: the outbox stands still until {@link #startOutbox}, and nothing watches for usage. */
        BILL,
        /** For as long as it is let: every route that the configuration switches on, seen by Camel's management. */
        RUN
    }

    private Hub(Main main, ConnectorProperties told) {
        this.main = main;
        this.told = told;
    }

    /** @throws UserError if routes or connectors are not where they should be, or are told what they don't know */
    static void check(HubConfig config) {
        Paths.directory("routes", config.get(Settings.ROUTES));
        Paths.directory("connectors", config.get(Settings.CONNECTORS));
        for (String broken : KameletProperties.check(config)) {
            LOG.error("{}; what goes to this connector waits, everything else runs on", broken);
        }
    }

    /**
     * Starts the routes.
     *
     * @param mode what the hub is started for
     * @param beans bound under their names before any route starts
     * @param kamelets properties of Kamelets that this run decides, over what the configuration says
     * @throws UserError if a route, a connector or a setting of Camel's can't be used
     */
    static Hub start(HubConfig config, Mode mode, Map<String, Object> beans, Map<String, String> kamelets) {
        return start(config, mode, beans, kamelets, main -> {});
    }

    /** As above; what else Camel has to bring is told it before it starts. */
    static Hub start(
            HubConfig config, Mode mode, Map<String, Object> beans, Map<String, String> kamelets, Consumer<Main> more) {
        Path routes = config.get(Settings.ROUTES);
        Path connectors = config.get(Settings.CONNECTORS);
        Map<String, String> said = HubConnectors.said(config);
        said.putAll(kamelets);
        ConnectorProperties told = new ConnectorProperties(said);
        Main main = ConnectorCamel.main(config, told);
        main.configure()
                .withShutdownTimeout(SHUTDOWN_SECONDS)
                .withJmxEnabled(mode == Mode.RUN)
                .withRoutesIncludePattern("file:" + routes + "/*.camel.yaml");
        if (mode == Mode.BILL) {
            // the caller says when
            main.configure().withAutoStartupExcludePattern("caravan-invoice:*");
        } else {
            Management.configure(main, config);
            HttpServers.bind(main, config);
        }
        String component = "camel.component.caravan-invoice.";
        if (!config.camel().containsKey(component + "connector-locations")) {
            main.addInitialProperty(component + "connector-locations", "file:" + connectors + ",classpath:connectors");
        }
        // by name: a source or a connector may bring a database of its own
        for (String ours : List.of("camel.component.caravan-invoice.", "camel.component.caravan-ledger.")) {
            if (!config.camel().containsKey(ours + "data-source")) {
                main.addInitialProperty(ours + "data-source", "#bean:dataSource");
            }
        }
        // a comma alone, where there are none: Camel takes no empty value
        main.addInitialProperty(component + "connector-targets", "," + String.join(",", HubConnectors.targets(config)));
        RouteProperties.of(config, mode).forEach(main::addInitialProperty);
        beans.forEach(main::bind);
        more.accept(main);
        try {
            main.start();
        } catch (RuntimeException e) {
            main.stop();
            throw refused(e, config, routes);
        }
        Hub hub = new Hub(main, told);
        try {
            hub.checkTargets(config);
        } catch (RuntimeException e) {
            hub.close();
            throw e;
        }
        return hub;
    }

    /** Camel makes a route of a target's name, and would replace another one of that name by it. */
    private void checkTargets(HubConfig config) {
        for (String name : HubConnectors.targets(config)) {
            String target = ConnectorName.of(name).target();
            if (context().getRoute(target) != null) {
                throw new UserError(config.where(Settings.CONNECTOR_TARGETS.key()) + name + ": there is a route '"
                        + target + "'; give the target another name");
            }
        }
    }

    /** What connectors are told; may be changed while they run. */
    ConnectorProperties told() {
        return told;
    }

    CamelContext context() {
        return main.getCamelContext();
    }

    ProducerTemplate template() {
        return main.getCamelContext().createProducerTemplate();
    }

    /** Starts the routes that take this kind of work from the outbox; until then they stand still. */
    void startOutbox(InvoiceConfiguration.Kind kind) throws Exception {
        for (Route route : context().getRoutes()) {
            if (route.getEndpoint() instanceof InvoiceEndpoint outbox
                    && outbox.getConfiguration().getKind() == kind) {
                context().getRouteController().startRoute(route.getRouteId());
            }
        }
    }

    @Override
    public void close() {
        main.stop();
    }

    /** What a person wrote into routes, connectors or the configuration, and Camel does not understand. */
    private static RuntimeException refused(RuntimeException e, HubConfig config, Path routes) {
        Throwable cause = e;
        while (cause != null) {
            if (cause instanceof UserError known) {
                return known;
            }
            if (cause instanceof PropertyBindingException binding && binding.getOptionPrefix() != null) {
                String key = binding.getOptionPrefix().replaceFirst("[.]*$", ".") + binding.getPropertyName();
                return new UserError(
                        config.where(key) + "Camel has no such setting, or it does not take this value; correct it", e);
            }
            if (cause.getCause() == null || cause.getCause() == cause) {
                break;
            }
            cause = cause.getCause();
        }
        return new UserError(
                1, "the routes in " + routes + " can't be started: " + (cause == null ? e : cause).getMessage(), e);
    }
}
