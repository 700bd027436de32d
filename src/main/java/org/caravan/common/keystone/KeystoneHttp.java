package org.caravan.common.keystone;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.caravan.common.BoundedBody;
import org.caravan.common.keystone.KeystoneException.Cause;

/** One request and its answer, within the limits of time, length and number. */
final class KeystoneHttp {
    private final KeystoneSettings settings;
    private final HttpClient http;
    private final Semaphore connections;

    KeystoneHttp(KeystoneSettings settings) {
        this.settings = settings;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.timeout())
                .build();
        this.connections = new Semaphore(settings.connections());
    }

    /** An answer of the 2xx and 4xx kinds; all else is an exception. */
    HttpResponse<byte[]> send(HttpRequest request) throws KeystoneException {
        return send(request, KeystoneSettings.MAX_ANSWER_BYTES);
    }

    /** The same with another bound of the answer. */
    HttpResponse<byte[]> send(HttpRequest request, int maxBytes) throws KeystoneException {
        HttpResponse<byte[]> answer = await(request, maxBytes);
        int status = answer.statusCode();
        if (status >= 300 && status < 400) {
            throw new KeystoneException(
                    Cause.STRANGE,
                    "Keystone at " + settings.url() + " answers " + status
                            + ", which leads elsewhere and is not followed; let caravan.keystone.url name the final address",
                    null);
        }
        if (status >= 500 || status == 429) {
            throw new KeystoneException(
                    Cause.AWAY,
                    "Keystone at " + settings.url() + " answers " + status + "; its own log says why",
                    null);
        }
        return answer;
    }

    private HttpResponse<byte[]> await(HttpRequest request, int maxBytes) throws KeystoneException {
        long nanos = settings.timeout().toNanos();
        boolean mine = false;
        try {
            // not for as long as a request may take: a Keystone that hangs must not take all threads with it
            mine = connections.tryAcquire(nanos / 10, TimeUnit.NANOSECONDS);
            if (!mine) {
                throw away("is asked by " + settings.connections() + " requests already", null);
            }
            try {
                return once(request, nanos, maxBytes);
            } catch (ExecutionException e) {
                // such as a connection that its end had closed; every request here may be sent twice
                return once(request, nanos, maxBytes);
            }
        } catch (TimeoutException e) {
            throw away("gives no answer within " + text(settings.timeout()), e);
        } catch (ExecutionException e) {
            String why = e.getCause().getMessage();
            throw away(
                    "can't be reached ("
                            + (why == null ? e.getCause().getClass().getSimpleName() : why) + ")",
                    e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw away("was not waited for, as the hub stops", e);
        } finally {
            if (mine) {
                connections.release();
            }
        }
    }

    private HttpResponse<byte[]> once(HttpRequest request, long nanos, int maxBytes)
            throws ExecutionException, TimeoutException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(request, head -> new BoundedBody(maxBytes));
        try {
            return answer.get(nanos, TimeUnit.NANOSECONDS);
        } finally {
            // ends what still runs after a wait that was given up
            answer.cancel(true);
        }
    }

    private KeystoneException away(String what, Throwable cause) {
        return new KeystoneException(
                Cause.AWAY,
                "Keystone at " + settings.url() + " " + what
                        + "; see that it runs and that caravan.keystone.url is its address",
                cause);
    }

    private static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
