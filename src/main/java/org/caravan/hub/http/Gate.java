package org.caravan.hub.http;

import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.caravan.api.http.Answer;
import org.caravan.api.http.ApiProcessor;
import org.caravan.api.http.Apis;

/** In front of all contracts: lets in only so many requests at once, and answers what fails before a contract sees it. */
final class Gate {
    private final Apis apis;
    private final int most;
    private final long streamMillis;
    private final AtomicInteger inside = new AtomicInteger();

    /** @param stream longest time that an answer may go on for once it has begun */
    Gate(Apis apis, int most, Duration stream) {
        this.streamMillis = stream.toMillis();
        this.apis = apis;
        this.most = most;
    }

    void enter(RoutingContext routing) {
        if (inside.incrementAndGet() > most) {
            inside.decrementAndGet();
            end(routing, 503, "The hub has " + most + " requests at work; try again later.");
            return;
        }
        routing.addEndHandler(ended -> inside.decrementAndGet());
        routing.next();
    }

    /** A body that is too long, a request that took too long, or what nobody foresaw. */
    void failed(RoutingContext routing) {
        if (routing.response().ended()) {
            return;
        }
        if (routing.response().headWritten()) {
            begun(routing);
            return;
        }
        int status = routing.statusCode() < 400 ? 500 : routing.statusCode();
        end(
                routing,
                status,
                switch (status) {
                    case 413 -> "The body is longer than caravan.api.maxBody allows.";
                    case 503 -> "The request took longer than caravan.api.timeout allows.";
                    default -> "The request could not be answered.";
                });
    }

    /**
     * An answer of which a part is sent: what can't be completed is cut, so that nobody takes it for the whole. One that is
     * merely long goes on, as its time to begin is all that the timeout bounds.
     */
    private void begun(RoutingContext routing) {
        if (routing.failure() != null) {
            routing.response().reset();
            return;
        }
        long timer = routing.vertx().setTimer(streamMillis, late -> {
            if (!routing.response().ended()) {
                routing.response().reset();
            }
        });
        routing.addEndHandler(ended -> routing.vertx().cancelTimer(timer));
    }

    private void end(RoutingContext routing, int status, String text) {
        String path = routing.request().path() == null ? "/" : routing.request().path();
        Answer answer = apis.of(path).errors().error(path, status, text);
        routing.response()
                .setStatusCode(status)
                .putHeader("Content-Type", answer.contentType())
                .putHeader(ApiProcessor.REQUEST_ID, ApiProcessor.newId())
                .putHeader("Connection", "close");
        if (status == 503) {
            routing.response().putHeader("Retry-After", "5");
        }
        routing.response().end(io.vertx.core.buffer.Buffer.buffer(answer.body()));
    }
}
