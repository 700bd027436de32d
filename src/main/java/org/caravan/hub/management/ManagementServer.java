package org.caravan.hub.management;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.main.Main;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.hub.http.HeldPort;

/** Camel's management server with {@code /observe/health} and {@code /observe/metrics}: where it listens and whom it answers. */
final class ManagementServer {
    /** Said by our own settings alone, so that one place decides where the hub listens. */
    private static final List<String> OURS =
            List.of("camel.management.enabled", "camel.management.host", "camel.management.port");

    private ManagementServer() {}

    /** @throws UserError if the address is not this machine's, the port is taken, or Camel is told otherwise */
    static void check(HubConfig config) {
        checkSettings(config);
        HeldPort port = port(config);
        if (port.isWanted()) {
            port.checkFree();
        }
    }

    /** @throws UserError if Camel is told otherwise */
    static void checkSettings(HubConfig config) {
        for (String key : OURS) {
            if (config.camel().containsKey(key)) {
                throw new UserError(config.where(key)
                        + "the hub decides this; use caravan.management.address and caravan.management.port");
            }
        }
    }

    /** Sets Camel up to listen, before it is started. */
    static void configure(Main main, HubConfig config) {
        HeldPort port = port(config);
        if (port.isWanted()) {
            main.configure()
                    .httpManagementServer()
                    .withEnabled(true)
                    .withHost(port.address())
                    .withPort(port.number())
                    .withHealthCheckEnabled(true)
                    .withMetricsEnabled(true);
        }
    }

    /**
     * Refuses requests for other hosts; called once Camel has started.
     *
     * @throws UserError if it is not we who listen on the port
     */
    static void guard(CamelContext context, HubConfig config) {
        ManagementHttpServer server = context.hasService(ManagementHttpServer.class);
        if (server == null) {
            return;
        }
        port(config).prove(server.getRouter(), "http");
        List<String> names = new ArrayList<>(List.of(config.get(Settings.MANAGEMENT_ADDRESS)));
        config.find(Settings.MANAGEMENT_HOSTS)
                .ifPresent(hosts -> names.addAll(List.of(hosts.strip().split("\\s*,\\s*"))));
        HostGuard guard = new HostGuard(names);
        server.getRouter().route().order(Integer.MIN_VALUE).handler(guard::handle);
    }

    private static HeldPort port(HubConfig config) {
        return new HeldPort(config, Settings.MANAGEMENT_ADDRESS, Settings.MANAGEMENT_PORT);
    }
}
