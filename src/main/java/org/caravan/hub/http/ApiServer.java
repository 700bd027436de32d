package org.caravan.hub.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.main.MainHttpServer;
import org.apache.camel.main.Main;
import org.caravan.api.http.ApiSettings;
import org.caravan.api.http.Apis;
import org.caravan.api.http.Hosts;
import org.caravan.common.UserError;
import org.caravan.hub.config.HttpOptions;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;

/** Camel's HTTP server with all served contracts. */
public final class ApiServer {
    private static final String CAMEL = "camel.server.";

    private ApiServer() {}

    /** @throws UserError if what is configured here can't be had, before anything is begun */
    public static void check(HubConfig config) {
        checkSettings(config);
        HeldPort port = port(config);
        if (port.isWanted()) {
            port.checkFree();
        }
    }

    /** @throws UserError if what is configured can't be had, whoever listens on the port now */
    public static void checkSettings(HubConfig config) {
        for (String key : config.camel().keySet()) {
            if (key.startsWith(CAMEL)) {
                throw new UserError(config.where(key) + "the hub decides this; use the settings below caravan.api.");
            }
        }
        Certificate.of(config);
        HeldPort port = port(config);
        if (!port.isWanted()) {
            return;
        }
        if (config.get(Settings.AUTH).equals("keystone")) {
            KeystoneAccess.settings(config);
        }
        if (isOpen(config) && !isLoopback(port.address())) {
            throw new UserError(config.where(Settings.AUTH.key())
                    + "without authentication the hub answers this machine alone; set caravan.api.host to 127.0.0.1, or"
                    + " caravan.auth to key");
        }
    }

    /**
     * Sets Camel up to listen, before it is started.
     *
     * @param apis what is served; null if nothing is
     */
    public static void configure(Main main, HubConfig config, Apis apis) {
        HeldPort port = port(config);
        if (!port.isWanted()) {
            return;
        }
        ApiSettings settings = settings(config);
        main.configure()
                .httpServer()
                .withEnabled(true)
                .withHost(port.address())
                .withPort(port.number())
                .withMaxBodySize(settings.maxBody())
                .withFileUploadEnabled(false);
        main.configure().addRoutesBuilder(new ApiRoute(apis, settings, config.get(Settings.API_TIMEOUT)));
    }

    /**
     * Bounds what is at work at once; called once Camel has started.
     *
     * @throws UserError if it is not we who listen on the port
     */
    public static void guard(CamelContext context, HubConfig config, Apis apis) {
        MainHttpServer server = context.hasService(MainHttpServer.class);
        if (server == null) {
            return;
        }
        port(config).prove(server.getRouter(), scheme(config));
        Connections connections = HttpServers.api(context);
        server.getRouter().route().order(Integer.MIN_VALUE).handler(connections::enter);
        Gate gate = new Gate(apis, config.integer(Settings.API_MAX_REQUESTS), config.get(Settings.API_STREAM_TIMEOUT));
        server.getRouter().route().order(Integer.MIN_VALUE).handler(gate::enter).failureHandler(gate::failed);
    }

    /** When the certificate ends that the APIs are served with; empty where there is none, or it can't be read. */
    public static Optional<Instant> certificateEnd(HubConfig config) {
        try {
            return Optional.ofNullable(Certificate.of(config)).map(Certificate::end);
        } catch (UserError e) {
            return Optional.empty();
        }
    }

    /** False if no API is served. */
    public static boolean isWanted(HubConfig config) {
        return port(config).isWanted();
    }

    /** Where it is served, or null. */
    public static String url(HubConfig config) {
        HeldPort port = port(config);
        return port.isWanted()
                ? config.find(Settings.API_URL)
                        .map(ApiServer::withoutSlash)
                        .orElse(scheme(config) + "://" + inUrl(port.address()) + ":" + port.number())
                : null;
    }

    private static ApiSettings settings(HubConfig config) {
        Set<String> names = new HashSet<>(Set.of(config.get(Settings.API_HOST).toLowerCase(Locale.ROOT)));
        config.find(Settings.API_HOSTS)
                .ifPresent(hosts -> names.addAll(
                        Arrays.asList(hosts.strip().toLowerCase(Locale.ROOT).split("\\s*,\\s*"))));
        return new ApiSettings(
                config.integer(Settings.API_MAX_BODY),
                new Hosts(names, !isOpen(config)),
                config.find(Settings.API_URL).map(ApiServer::withoutSlash).orElse(null));
    }

    /** https where a certificate is configured. */
    private static String scheme(HubConfig config) {
        return config.find(HttpOptions.CERTIFICATE).isPresent() ? "https" : "http";
    }

    private static boolean isOpen(HubConfig config) {
        return config.get(Settings.AUTH).equals("none");
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static String withoutSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    private static String inUrl(String address) {
        return address.indexOf(':') >= 0 ? "[" + address + "]" : address;
    }

    private static HeldPort port(HubConfig config) {
        return new HeldPort(config, Settings.API_HOST, Settings.API_PORT);
    }
}
