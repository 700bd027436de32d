package org.caravan.api.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/**
 * Between Camel's platform-http and the contracts: reads the request, writes the answer. It reads the server's own request
 * and not the message's headers, among which Camel puts query arguments, too: one could pass for the Host. Nor do they stay
 * on the message, so that nothing from outside acts as a header of Camel's or ours.
 */
public final class ApiProcessor implements Processor {
    /** On every answer: what the log calls this request. */
    public static final String REQUEST_ID = "x-openstack-request-id";

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String MULTIPART = "multipart/";

    private final Apis apis;
    private final ApiSettings settings;

    public ApiProcessor(Apis apis, ApiSettings settings) {
        this.apis = apis;
        this.settings = settings;
    }

    /** An id for a request. */
    public static String newId() {
        return "req-" + UUID.randomUUID();
    }

    @Override
    public void process(Exchange exchange) {
        HttpMessage in = exchange.getMessage(HttpMessage.class);
        HttpServerRequest sent = in.getRequest();
        String path = sent.path() == null ? "/" : sent.path();
        Api api = apis.of(path);
        String id = newId();
        Answer answer;
        try {
            answer = api.answer(
                    read(in, path, id, api.takesPacked()), sent.remoteAddress().hostAddress());
        } catch (ApiError e) {
            answer = api.errors().error(path, e.status(), e.getMessage());
        }
        write(answer, id, exchange.getMessage());
    }

    private static void write(Answer answer, String id, Message message) {
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
        message.setHeader(REQUEST_ID, id);
        if (answer.contentType() != null) {
            message.setHeader(Exchange.CONTENT_TYPE, answer.contentType());
        }
        answer.headers().forEach(message::setHeader);
        message.setBody(answer.stream() == null ? answer.body() : answer.stream());
    }

    private Request read(HttpMessage message, String path, String id, boolean packed) {
        HttpServerRequest sent = message.getRequest();
        Map<String, String> headers = new HashMap<>();
        sent.headers()
                .forEach(header -> headers.putIfAbsent(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
        if (sent.version() == HttpVersion.HTTP_2 && sent.authority() != null) {
            // it has a field of its own for it
            headers.put("host", sent.authority().toString());
        }
        if (!settings.hosts().isOurs(headers.get("host"))) {
            throw new ApiError(
                    421,
                    "The Host header names none of this hub's names; its operator lists them in caravan.api.hosts.");
        }
        return new Request(
                sent.method().name(),
                path,
                Map.of(),
                Query.read(sent.query()),
                headers,
                body(message, headers, packed),
                Caller.NOBODY,
                base(sent, headers),
                id);
    }

    private byte[] body(HttpMessage message, Map<String, String> headers, boolean packed) {
        String coding = headers.get("content-encoding");
        if (!packed && coding != null && !coding.equalsIgnoreCase("identity")) {
            throw new ApiError(415, "Content-Encoding " + coding + " is not understood here; send the body as it is.");
        }
        String type = headers.getOrDefault("content-type", "").toLowerCase(Locale.ROOT);
        if (type.startsWith(FORM) || type.startsWith(MULTIPART)) {
            throw new ApiError(415, "A form is not understood here; send Content-Type: application/json.");
        }
        byte[] body = message.getBody() instanceof Buffer buffer ? buffer.getBytes() : new byte[0];
        if (body.length > settings.maxBody()) {
            throw new ApiError(413, "The body is longer than " + settings.maxBody() + " bytes (caravan.api.maxBody).");
        }
        return body;
    }

    private String base(HttpServerRequest sent, Map<String, String> headers) {
        return settings.publicUrl() != null
                ? settings.publicUrl()
                : (sent.isSSL() ? "https://" : "http://") + headers.get("host");
    }
}
