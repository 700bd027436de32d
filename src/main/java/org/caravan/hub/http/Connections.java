package org.caravan.hub.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The connections of a server: so many at once, and none that only stays. One that sends its header byte by byte is never
 * idle, so what counts is how long it has been without a request at work.
 */
final class Connections {
    private final Vertx vertx;
    private final int most;
    private final long idleMillis;
    private final Map<HttpConnection, One> open = new ConcurrentHashMap<>();

    /** Requests at work, and the timer that runs while there are none. */
    private static final class One {
        private final AtomicInteger requests = new AtomicInteger();
        private volatile long timer;
    }

    Connections(Vertx vertx, int most, Duration idle) {
        this.vertx = vertx;
        this.most = most;
        this.idleMillis = idle.toMillis();
    }

    /** A new one: watched, or closed where there are too many. */
    void opened(HttpConnection connection) {
        if (open.size() >= most) {
            connection.close();
            return;
        }
        One one = new One();
        open.put(connection, one);
        connection.closeHandler(closed -> {
            open.remove(connection);
            vertx.cancelTimer(one.timer);
        });
        watch(connection, one);
    }

    /** Lets a request through whose header is here; its connection is not watched until it is answered. */
    void enter(RoutingContext routing) {
        HttpConnection connection = routing.request().connection();
        One one = open.get(connection);
        if (one != null) {
            one.requests.incrementAndGet();
            vertx.cancelTimer(one.timer);
            routing.addEndHandler(ended -> {
                if (one.requests.decrementAndGet() == 0 && open.containsKey(connection)) {
                    watch(connection, one);
                }
            });
        }
        routing.next();
    }

    private void watch(HttpConnection connection, One one) {
        one.timer = vertx.setTimer(idleMillis, late -> {
            if (one.requests.get() == 0) {
                connection.close();
            }
        });
    }

    int size() {
        return open.size();
    }
}
