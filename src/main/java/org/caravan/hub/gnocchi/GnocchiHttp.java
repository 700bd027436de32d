package org.caravan.hub.gnocchi;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.caravan.common.BoundedBody;
import org.caravan.common.Json;

/** One request to Gnocchi and its answer, within the limits of time and length. For one thread. */
final class GnocchiHttp {
    /** How soon a hub that stops gives up waiting for an answer. */
    private static final long LOOK_MILLIS = 250;

    private static final int UNAUTHORIZED = 401;

    private final GnocchiSettings settings;
    private final GnocchiLogin login;
    private final BooleanSupplier stopping;
    private final HttpClient http;

    GnocchiHttp(GnocchiSettings settings, GnocchiLogin login, BooleanSupplier stopping) {
        this.settings = settings;
        this.login = login;
        this.stopping = stopping;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                // could carry a token elsewhere
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.timeout())
                .build();
    }

    /**
     * An answer.
     *
     * @param body of what Gnocchi answered; of an error, what it said of it
     * @param more true if it says that a page follows
     */
    record Answer(int status, JsonNode body, boolean more) {}

    /** @param path with its query, from {@code /v1} on */
    Answer get(String path) throws GnocchiFailure {
        return send(path, null);
    }

    Answer post(String path, JsonNode body) throws GnocchiFailure {
        return send(path, body.toString());
    }

    /** Answers that concern what was asked; one that says that Gnocchi as such can't be asked now is a failure. */
    private Answer send(String path, String body) throws GnocchiFailure {
        String proof = login.value(null);
        HttpResponse<byte[]> answer = await(request(path, body, proof));
        if (answer.statusCode() == UNAUTHORIZED) {
            String fresh = login.value(proof);
            answer = fresh == null ? answer : await(request(path, body, fresh));
        }
        int status = answer.statusCode();
        if (status == UNAUTHORIZED || status == 403) {
            throw GnocchiFailure.away(
                    "Gnocchi at " + settings.url() + " does not let the hub in (status " + status
                            + "); see caravan.gnocchi.auth, its user, and that the user may see all projects",
                    null);
        }
        if (status >= 300 && status < 400) {
            throw away("answers " + status + ", which leads elsewhere and is not followed", null);
        }
        if (status >= 500 || status == 429 || status == 408) {
            throw away("answers " + status + said(answer.body()), null);
        }
        boolean more = answer.headers().allValues("Link").stream().anyMatch(link -> link.contains("rel=\"next\""));
        return new Answer(status, json(status, answer.body()), more);
    }

    private JsonNode json(int status, byte[] body) throws GnocchiFailure {
        try {
            JsonNode read = Json.mapper().readTree(body);
            if (read != null && read.isContainerNode()) {
                return read;
            }
        } catch (IOException e) {
            // told below, with its beginning
        }
        throw away("answers " + status + " with what is no JSON" + said(body), null);
    }

    private HttpRequest request(String path, String body, String proof) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(settings.url() + path))
                // without it errors are pages for browsers
                .header("Accept", "application/json")
                .header("Content-Type", "application/json")
                .header(login.header(), proof);
        return body == null
                ? request.GET().build()
                : request.POST(BodyPublishers.ofString(body)).build();
    }

    private HttpResponse<byte[]> await(HttpRequest request) throws GnocchiFailure {
        try {
            try {
                return once(request);
            } catch (ExecutionException e) {
                // such as a connection that its end had closed; a question asked twice does no harm
                return once(request);
            }
        } catch (TimeoutException e) {
            throw away("gives no answer within " + settings.timeout().toMillis() + " ms", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            throw away("can't be read (" + why + ")", cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw away("was not waited for, as the hub stops", e);
        }
    }

    private HttpResponse<byte[]> once(HttpRequest request)
            throws ExecutionException, TimeoutException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request, head -> new BoundedBody(settings.maxAnswerBytes()));
        try {
            long deadline = System.nanoTime() + settings.timeout().toNanos();
            while (true) {
                try {
                    return answer.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    if (stopping.getAsBoolean()) {
                        throw new InterruptedException();
                    }
                    if (System.nanoTime() > deadline) {
                        throw e;
                    }
                }
            }
        } finally {
            // ends what still runs after a wait that was given up
            answer.cancel(true);
        }
    }

    private static String said(byte[] body) {
        String text = new String(body, 0, Math.min(body.length, 200), StandardCharsets.UTF_8)
                .replaceAll("[\\s\\p{Cntrl}]+", " ")
                .strip();
        return text.isEmpty() ? "" : ": " + text;
    }

    private GnocchiFailure away(String what, Throwable cause) {
        return GnocchiFailure.away(
                "Gnocchi at " + settings.url() + " " + what
                        + "; see that it runs and that caravan.gnocchi.url is its address",
                cause);
    }
}
