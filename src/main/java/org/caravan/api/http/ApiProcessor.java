package org.caravan.api.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;

/**
 * Between Camel's platform-http and a contract: reads the request within its limits, writes the answer. Headers of the
 * request do not stay on the message, so that nothing from outside acts as a header of Camel's or ours.
 */
public final class ApiProcessor implements Processor {
    private static final String REQUEST_ID = "x-openstack-request-id";
    private static final String REMOTE = "CamelVertxPlatformHttpRemoteAddress";

    private final Api api;
    private final ApiSettings settings;
    private final Hosts hosts;

    public ApiProcessor(Api api, ApiSettings settings) {
        this.api = api;
        this.settings = settings;
        this.hosts = new Hosts(settings.hosts());
    }

    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        String id = "req-" + UUID.randomUUID();
        Answer answer;
        try {
            answer = api.answer(read(message, id), remote(message));
        } catch (ApiError e) {
            answer = api.errors().error(e.status(), e.getMessage());
        }
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
        message.setHeader(REQUEST_ID, id);
        if (answer.contentType() != null) {
            message.setHeader(Exchange.CONTENT_TYPE, answer.contentType());
        }
        answer.headers().forEach(message::setHeader);
        message.setBody(answer.body().length == 0 ? null : answer.body());
    }

    private Request read(Message message, String id) {
        Map<String, String> headers = headers(message);
        if (!hosts.isOurs(headers.get("host"))) {
            throw new ApiError(
                    400,
                    "The Host header names none of this hub's names; its operator lists them in caravan.api.hosts.");
        }
        String coding = headers.get("content-encoding");
        if (coding != null && !coding.equalsIgnoreCase("identity")) {
            throw new ApiError(415, "Content-Encoding " + coding + " is not understood here; send the body as it is.");
        }
        return new Request(
                message.getHeader(Exchange.HTTP_METHOD, "GET", String.class).toUpperCase(Locale.ROOT),
                message.getHeader(Exchange.HTTP_URI, "/", String.class),
                Map.of(),
                Query.read(message.getHeader(Exchange.HTTP_RAW_QUERY, String.class)),
                headers,
                body(message, headers),
                Caller.NOBODY,
                id);
    }

    private static Map<String, String> headers(Message message) {
        Map<String, String> headers = new HashMap<>();
        message.getHeaders().forEach((name, value) -> {
            Object first = value instanceof List<?> several && !several.isEmpty() ? several.get(0) : value;
            if (first != null && !name.startsWith("Camel")) {
                headers.putIfAbsent(name.toLowerCase(Locale.ROOT), first.toString());
            }
        });
        return headers;
    }

    private byte[] body(Message message, Map<String, String> headers) {
        String length = headers.get("content-length");
        if (length != null && length.length() > 9 || length != null && Long.parseLong(length) > settings.maxBody()) {
            throw tooLong();
        }
        InputStream in = message.getBody(InputStream.class);
        if (in == null) {
            return new byte[0];
        }
        try (in) {
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            byte[] part = new byte[8192];
            for (int count = in.read(part); count >= 0; count = in.read(part)) {
                read.write(part, 0, count);
                if (read.size() > settings.maxBody()) {
                    throw tooLong();
                }
            }
            return read.toByteArray();
        } catch (IOException e) {
            throw new ApiError(400, "The body could not be read to its end.", e);
        }
    }

    private ApiError tooLong() {
        return new ApiError(413, "The body is longer than " + settings.maxBody() + " bytes.");
    }

    private static String remote(Message message) {
        Object remote = message.getHeader(REMOTE);
        return remote == null ? "unknown" : remote.toString().replaceFirst(":\\d+$", "");
    }
}
