package org.caravan.invoice.erp.openerp.rpc;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.caravan.invoice.erp.openerp.rpc.OdooFault.Kind;

/** Bounded HTTP exchanges. Follows no redirect, keeps no cookie and no connection, sends no call twice. */
final class Http {
    private static final int MAX_CONNECTIONS = 64;
    private static final int CHUNK_BYTES = 8_192;

    private final OdooServer server;
    private final CloseableHttpClient client;

    Http(OdooServer server) {
        this.server = server;
        this.client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnTotal(MAX_CONNECTIONS)
                        .setMaxConnPerRoute(MAX_CONNECTIONS)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(server.connectTimeout().toMillis(), TimeUnit.MILLISECONDS)
                                .build())
                        .build())
                // Odoo closes after each answer, and 14 does not say that it will
                .setConnectionReuseStrategy((request, response, context) -> false)
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableContentCompression()
                .disableAuthCaching()
                .build();
    }

    /** @param retryAfter how long the server asks to be left alone; null if it does not */
    record Answer(int status, byte[] body, String retryAfter) {}

    Answer post(String path, Map<String, String> headers, byte[] body, Deadline deadline) throws OdooFault {
        HttpPost request = new HttpPost(server.url() + path);
        headers.forEach(request::setHeader);
        request.setEntity(new ByteArrayEntity(body, null));
        return checked(send(request, path, deadline), path);
    }

    /** Of any status: releases differ in what they have at a path, and in how they say that they have it not. */
    Answer get(String path, Deadline deadline) throws OdooFault {
        return send(new HttpGet(server.url() + path), path, deadline);
    }

    private Answer send(HttpUriRequestBase request, String path, Deadline deadline) throws OdooFault {
        Duration left = deadline.left();
        Duration limit = left.compareTo(server.callTimeout()) < 0 ? left : server.callTimeout();
        if (limit.isNegative() || limit.isZero()) {
            throw new OdooFault(Kind.LOST, "no time is left to call " + server.url() + path);
        }
        request.setConfig(RequestConfig.custom()
                .setResponseTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .build());
        // the timeout above is one between two packets: an answer may come drop by drop
        CompletableFuture<Void> end = new CompletableFuture<>();
        end.completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS).thenRunAsync(request::cancel);
        try {
            return client.execute(request, this::read);
        } catch (IOException e) {
            if (end.isDone() || e instanceof SocketTimeoutException) {
                throw new OdooFault(
                        Kind.LOST, server.url() + path + " did not answer within " + limit.toSeconds() + " s", e);
            }
            String what = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new OdooFault(Kind.LOST, server.url() + path + ": " + what, e);
        } finally {
            end.cancel(false);
        }
    }

    private Answer read(ClassicHttpResponse response) throws IOException {
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        HttpEntity entity = response.getEntity();
        if (entity != null) {
            // closed without being read to its end: the connection goes with it
            try (InputStream in = entity.getContent()) {
                byte[] chunk = new byte[CHUNK_BYTES];
                for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                    if (taken.size() + n > server.maxAnswerBytes()) {
                        response.close();
                        throw new IOException("its answer is longer than " + server.maxAnswerBytes() + " bytes");
                    }
                    taken.write(chunk, 0, n);
                }
            }
        }
        var retryAfter = response.getFirstHeader("Retry-After");
        return new Answer(response.getCode(), taken.toByteArray(), retryAfter == null ? null : retryAfter.getValue());
    }

    private Answer checked(Answer answer, String path) throws OdooFault {
        String where = server.url() + path + " answered HTTP " + answer.status();
        return switch (answer.status()) {
            case 408, 425, 429, 502, 503, 504 -> throw new OdooFault(Kind.PASSING, where, null, answer.retryAfter());
            case 301, 302, 303, 307, 308 ->
                throw new OdooFault(Kind.REFUSED, where + ", a redirect, which is not followed; correct the url");
            case 413 ->
                throw new OdooFault(Kind.REFUSED, where + ": the invoice is too large for it; bill in fewer lines");
            default -> answer;
        };
    }
}
