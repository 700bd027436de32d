package org.caravan.invoice.erp.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.caravan.common.Json;
import org.caravan.invoice.InvoiceConstants;
import org.caravan.invoice.NotSentException;
import org.caravan.invoice.RefusedException;

/**
 * What a server's answer to the POST of a document says of it: the step right after camel-http, which is told {@code
 * throwExceptionOnFailure=false} and {@code disableStreamCache=true}.
 *
 * <p>After a 2xx the body is its JSON as maps and lists with exact decimals, for jsonpath to read. Anything else ends in an
 * exception that tells what may follow, and honours {@code Retry-After}. Only for the one request that commits: after it, in
 * a second request, a 4xx does not mean that nothing was done.
 */
public final class HttpAnswer implements Processor {
    /** Not about this document: settings, rights, or a server that asks for time. Nothing was done, and it is tried again. */
    private static final Set<Integer> NOT_DONE = Set.of(401, 403, 404, 405, 407, 421, 423, 425, 426, 429);

    /** The request may have been received, or another one with the same key is at work. */
    private static final Set<Integer> MAYBE_DONE = Set.of(408, 409);

    private static final int MAX_QUOTED = 500;

    private int maxBytes = 4 << 20;

    /** An answer that says nothing certain of the document. */
    public static final class UnclearAnswer extends RuntimeException {
        UnclearAnswer(String message) {
            super(message);
        }
    }

    /** Most bytes of an answer that are read, after unpacking; a longer one is unclear. */
    public void setMaxBytes(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public void process(Exchange exchange) throws IOException {
        Message answer = exchange.getMessage();
        // whatever came with the answer: reference and total are taken out of its body, and nowhere else
        answer.removeHeaders("CamelCaravan*");
        byte[] body = body(answer);
        Integer status = answer.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
        if (status == null) {
            throw new UnclearAnswer("the server's answer has no HTTP status");
        }
        if (status >= 200 && status < 300) {
            answer.setBody(json(status, body));
            return;
        }
        answer.setBody(null);
        String retryAfter = answer.getHeader("Retry-After", String.class);
        if (retryAfter != null) {
            answer.setHeader(InvoiceConstants.RETRY_AFTER, retryAfter);
        }
        throw failure(status, "the server answered " + status + quoted(answer, body));
    }

    private byte[] body(Message answer) throws IOException {
        InputStream in = answer.getBody(InputStream.class);
        if (in == null) {
            return new byte[0];
        }
        try (in) {
            return in.readNBytes(maxBytes + 1);
        }
    }

    private Object json(int status, byte[] body) throws IOException {
        if (body.length > maxBytes) {
            throw new UnclearAnswer("the server answered " + status + " and more than " + maxBytes + " bytes");
        }
        if (body.length == 0) {
            throw new UnclearAnswer("the server answered " + status + " without a body, and so without a reference");
        }
        try {
            return Json.mapper().readValue(body, Object.class);
        } catch (JsonProcessingException e) {
            throw new UnclearAnswer("the server answered " + status + " and a body that is no JSON: " + line(body));
        }
    }

    private static RuntimeException failure(int status, String said) {
        if (status >= 300 && status < 400) {
            return new NotSentException(said + "; redirects are not followed: write the address that it names");
        }
        if (status == 401 || status == 403 || status == 407) {
            return new NotSentException(said + "; see to the connector's credentials and their rights");
        }
        if (NOT_DONE.contains(status)) {
            return new NotSentException(said);
        }
        if (status >= 400 && status < 500 && !MAYBE_DONE.contains(status)) {
            return new RefusedException(said + "; correct what it refuses, then retry the delivery");
        }
        return new UnclearAnswer(said);
    }

    /** The reason phrase, the address of a redirect, and the beginning of the body. */
    private static String quoted(Message answer, byte[] body) {
        StringBuilder quoted = new StringBuilder();
        String phrase = answer.getHeader(Exchange.HTTP_RESPONSE_TEXT, String.class);
        if (phrase != null && !phrase.isBlank()) {
            quoted.append(' ').append(phrase.strip());
        }
        String location = answer.getHeader("Location", String.class);
        if (location != null) {
            quoted.append(" to ").append(location);
        }
        String said = line(body);
        return said.isEmpty()
                ? quoted.toString()
                : quoted.append(": ").append(said).toString();
    }

    private static String line(byte[] body) {
        String text = new String(body, 0, Math.min(body.length, 4 * MAX_QUOTED), StandardCharsets.UTF_8);
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= MAX_QUOTED ? line : line.substring(0, MAX_QUOTED) + "...";
    }
}
