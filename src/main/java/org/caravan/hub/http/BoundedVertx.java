package org.caravan.hub.http;

import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.impl.VertxWrapper;
import java.util.function.UnaryOperator;

/** A Vert.x whose HTTP servers have bounds, whoever makes them. */
final class BoundedVertx extends VertxWrapper {
    private final UnaryOperator<HttpServerOptions> bounds;
    private final Connections connections;

    /** @param connections watches those of the servers; null = nobody does */
    BoundedVertx(VertxInternal vertx, UnaryOperator<HttpServerOptions> bounds, Connections connections) {
        super(vertx);
        this.bounds = bounds;
        this.connections = connections;
    }

    @Override
    public HttpServer createHttpServer(HttpServerOptions options) {
        HttpServer server = delegate.createHttpServer(bounds.apply(options));
        return connections == null ? server : server.connectionHandler(connections::opened);
    }

    @Override
    public HttpServer createHttpServer() {
        return createHttpServer(new HttpServerOptions());
    }
}
