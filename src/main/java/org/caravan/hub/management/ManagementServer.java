package org.caravan.hub.management;

import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.ext.web.Route;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLConnection;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.main.Main;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;

/** Camel's management server with {@code /observe/health} and {@code /observe/metrics}: where it listens and whom it answers. */
final class ManagementServer {
    private static final int THREADS = 2;
    private static final int WORKERS = 4;
    private static final int PROOF_MILLIS = 10_000;
    /** Said by our own settings alone, so that one place decides where the hub listens. */
    private static final List<String> OURS =
            List.of("camel.management.enabled", "camel.management.host", "camel.management.port");

    private ManagementServer() {}

    /** @throws UserError if the address is not this machine's, the port is taken, or Camel is told otherwise */
    static void check(HubConfig config) {
        for (String key : OURS) {
            if (config.camel().containsKey(key)) {
                throw new UserError(config.where(key)
                        + "the hub decides this; use caravan.management.address and caravan.management.port");
            }
        }
        int port = config.integer(Settings.MANAGEMENT_PORT);
        if (port != 0) {
            checkFree(config, config.get(Settings.MANAGEMENT_ADDRESS), port);
        }
    }

    /** Sets Camel up to listen, before it is started. Camel only warns of a port that it can't bind, hence {@link #check}. */
    static void configure(Main main, HubConfig config) {
        int port = config.integer(Settings.MANAGEMENT_PORT);
        if (port == 0) {
            return;
        }
        String address = config.get(Settings.MANAGEMENT_ADDRESS);
        main.configure()
                .httpManagementServer()
                .withEnabled(true)
                .withHost(address)
                .withPort(port)
                .withHealthCheckEnabled(true)
                .withMetricsEnabled(true);
        // a few threads do; and nothing is cached in files outside the hub's directories
        main.bind(
                "vertxOptions",
                new VertxOptions()
                        .setEventLoopPoolSize(THREADS)
                        .setWorkerPoolSize(WORKERS)
                        .setInternalBlockingPoolSize(WORKERS)
                        .setFileSystemOptions(new FileSystemOptions()
                                .setFileCachingEnabled(false)
                                .setClassPathResolvingEnabled(false)));
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
        prove(server);
        List<String> names = new ArrayList<>(List.of(config.get(Settings.MANAGEMENT_ADDRESS)));
        config.find(Settings.MANAGEMENT_HOSTS)
                .ifPresent(hosts -> names.addAll(List.of(hosts.strip().split("\\s*,\\s*"))));
        HostGuard guard = new HostGuard(names);
        server.getRouter().route().order(Integer.MIN_VALUE).handler(guard::handle);
    }

    /** Asks for something that only we can answer: Camel does not say whether it could bind. */
    private static void prove(ManagementHttpServer server) {
        String sign = UUID.randomUUID().toString();
        Route route = server.getRouter().route("/" + sign);
        route.handler(request -> request.end(sign));
        String answer;
        try {
            InetAddress address = InetAddress.getByName(server.getHost());
            URI uri = new URI(
                    "http",
                    null,
                    address.isAnyLocalAddress()
                            ? "localhost"
                            : address.getHostAddress().replaceFirst("%.*", ""),
                    server.getPort(),
                    "/" + sign,
                    null,
                    null);
            URLConnection request = uri.toURL().openConnection(Proxy.NO_PROXY);
            request.setConnectTimeout(PROOF_MILLIS);
            request.setReadTimeout(PROOF_MILLIS);
            try (InputStream in = request.getInputStream()) {
                answer = new String(in.readNBytes(sign.length()), StandardCharsets.US_ASCII);
            }
        } catch (IOException | URISyntaxException e) {
            throw taken(server.getHost(), server.getPort(), e);
        } finally {
            route.remove();
        }
        if (!answer.equals(sign)) {
            throw taken(server.getHost(), server.getPort(), new IOException("another program answers there"));
        }
    }

    private static void checkFree(HubConfig config, String address, int port) {
        InetAddress host;
        try {
            host = InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new UserError(
                    config.where(Settings.MANAGEMENT_ADDRESS.key()) + "no such address '" + address
                            + "'; 127.0.0.1 answers this machine alone",
                    e);
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw taken(address, port, e);
        }
    }

    private static UserError taken(String address, int port, Exception e) {
        return new UserError(
                1,
                "can't listen on " + address + " port " + port + " (" + e.getMessage()
                        + "): end what listens there, or choose another port with caravan.management.port (0 = none)",
                e);
    }
}
