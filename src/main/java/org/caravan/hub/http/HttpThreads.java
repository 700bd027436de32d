package org.caravan.hub.http;

import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import org.apache.camel.main.Main;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;

/** The threads of Camel's HTTP servers: each server has as many as this says. */
public final class HttpThreads {
    private static final int EVENT_LOOPS = 2;
    private static final int INTERNAL = 2;

    private HttpThreads() {}

    /** Lets both servers have a few threads, and cache nothing in files outside the hub's directories. */
    public static void bind(Main main, HubConfig config) {
        main.bind(
                "vertxOptions",
                new VertxOptions()
                        .setEventLoopPoolSize(EVENT_LOOPS)
                        .setWorkerPoolSize(config.integer(Settings.API_THREADS))
                        .setInternalBlockingPoolSize(INTERNAL)
                        .setFileSystemOptions(new FileSystemOptions()
                                .setFileCachingEnabled(false)
                                .setClassPathResolvingEnabled(false)));
    }
}
