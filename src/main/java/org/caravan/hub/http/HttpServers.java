package org.caravan.hub.http;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.Service;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.support.LifecycleStrategySupport;
import org.caravan.hub.config.HttpOptions;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;

/**
 * What Camel's HTTP servers run on. Camel builds a server without saying how long a header may be, who may stay connected or
 * with which certificate it answers; but it looks for a Vert.x in its registry. So each server finds one of its own there,
 * just before it looks: with few threads of its own, so that requests that wait take none from health, and with our bounds.
 */
public final class HttpServers extends LifecycleStrategySupport {
    private static final String BEAN = "caravanVertx";
    private static final int EVENT_LOOPS = 2;
    private static final int INTERNAL = 2;
    private static final int HANDSHAKE_SECONDS = 10;
    private static final long CLOSE_SECONDS = 10;

    private final HubConfig config;
    private final Certificate certificate;
    private final List<Vertx> made = new ArrayList<>();
    private Connections api;

    private HttpServers(HubConfig config, Certificate certificate) {
        this.config = config;
        this.certificate = certificate;
    }

    /**
     * Bounds the servers that Camel is about to start.
     *
     * @throws org.caravan.common.UserError if the certificate can't be used
     */
    public static void bind(Main main, HubConfig config) {
        HttpServers servers = new HttpServers(config, Certificate.of(config));
        main.bind("caravanHttpServers", servers);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeConfigure(BaseMainSupport configured) {
                configured.getCamelContext().addLifecycleStrategy(servers);
            }
        });
    }

    /** The connections of the served APIs; null if none are served. */
    static Connections api(CamelContext context) {
        return context.getRegistry().findSingleByType(HttpServers.class).api;
    }

    @Override
    public void onServiceAdd(CamelContext context, Service service, Route route) {
        if (service instanceof VertxPlatformHttpServer server) {
            context.getRegistry().bind(BEAN, Vertx.class, vertx(server.getConfigurationPort()));
        }
    }

    private Vertx vertx(int port) {
        VertxInternal vertx = (VertxInternal) Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(EVENT_LOOPS)
                .setWorkerPoolSize(config.integer(Settings.API_THREADS))
                .setInternalBlockingPoolSize(INTERNAL)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        made.add(vertx);
        Duration idle = config.get(HttpOptions.IDLE);
        Connections connections = new Connections(vertx, config.integer(HttpOptions.MAX_CONNECTIONS), idle);
        boolean served = port == config.integer(Settings.API_PORT);
        if (served) {
            api = connections;
        }
        return new BoundedVertx(vertx, options -> bounded(options, served), served ? connections : null);
    }

    private HttpServerOptions bounded(HttpServerOptions given, boolean served) {
        HttpServerOptions options = given.setMaxHeaderSize(config.integer(HttpOptions.MAX_HEADER_BYTES))
                .setMaxInitialLineLength(config.integer(HttpOptions.MAX_URI_BYTES))
                // one protocol less that strangers can try
                .setHttp2ClearTextEnabled(false)
                .setUseAlpn(false);
        if (!served) {
            // what answers here answers at once
            return options.setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                    .setIdleTimeout(Math.toIntExact(config.get(HttpOptions.IDLE).toMillis()));
        }
        return certificate == null
                ? options
                : options.setSsl(true)
                        .setKeyCertOptions(certificate.options())
                        .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
                        .setSslHandshakeTimeout(HANDSHAKE_SECONDS);
    }

    /** Camel closes only what it made itself. */
    @Override
    public void onContextStopped(CamelContext context) {
        for (Vertx vertx : made) {
            try {
                vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                // its threads are daemons: the process ends without it
                continue;
            }
        }
        made.clear();
    }
}
