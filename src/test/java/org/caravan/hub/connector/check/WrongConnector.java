package org.caravan.hub.connector.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.caravan.common.Json;
import org.caravan.invoice.InvoiceConstants;
import org.caravan.invoice.NotSentException;
import org.caravan.invoice.RefusedException;

/**
 * A connector as people write them in an afternoon: to a server, or into a directory of CSV files. Right with the fault
 * {@code none}, wrong in one way with any other.
 */
public final class WrongConnector implements Processor {
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private String url;
    private String directory;
    private String fault;
    private String token;

    public void setUrl(String url) {
        this.url = url;
    }

    public void setDirectory(String directory) {
        this.directory = directory;
    }

    public void setFault(String fault) {
        this.fault = fault;
    }

    public void setToken(String token) {
        this.token = token;
    }

    private boolean is(String name) {
        return fault.equals(name);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Message message = exchange.getMessage();
        String key = message.getHeader(InvoiceConstants.INVOICE_KEY, String.class);
        if (InvoiceConstants.ASK.equals(message.getHeader(InvoiceConstants.OPERATION))) {
            ask(message, key);
        } else if (directory != null) {
            write(message);
        } else {
            commit(message, key);
        }
    }

    // ---- a server --------------------------------------------------------------------------------------------------

    private void ask(Message message, String key) throws Exception {
        if (is("lookup-finds-nothing")) {
            message.setHeader(InvoiceConstants.LOOKUP, InvoiceConstants.ABSENT);
            return;
        }
        JsonNode found = find(is("lookup-answers-another") ? first : key);
        if (found == null) {
            message.setHeader(InvoiceConstants.LOOKUP, InvoiceConstants.ABSENT);
            return;
        }
        message.setHeader(InvoiceConstants.ERP_REFERENCE, found.path("id").asText());
        if (!is("lookup-tells-no-total")) {
            message.setHeader(InvoiceConstants.ERP_TOTAL, found.path("total").asText());
        }
    }

    /** Key of the first invoice that was committed. */
    private volatile String first;

    private JsonNode find(String key) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(url + "?key=" + URLEncoder.encode(key, StandardCharsets.UTF_8)))
                .timeout(TIMEOUT);
        authorize(request);
        HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("HTTP " + answer.statusCode());
        }
        JsonNode data = Json.mapper().readTree(answer.body()).path("data");
        return data.isEmpty() ? null : data.get(0);
    }

    private void authorize(HttpRequest.Builder request) {
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
    }

    private void commit(Message message, String key) throws Exception {
        ObjectNode document = (ObjectNode) Json.mapper().readTree(message.getBody(String.class));
        if (is("looks-then-makes")) {
            JsonNode there = find(key);
            if (there != null) {
                told(message, there, document);
                return;
            }
        }
        String early = "early-" + document.path("number").asText();
        HttpResponse<String> answer;
        try {
            if (is("answers-before-the-target")) {
                client.sendAsync(post(key, document), HttpResponse.BodyHandlers.ofString());
                message.setHeader(InvoiceConstants.ERP_REFERENCE, early);
                return;
            }
            answer = send(key, document);
        } catch (java.net.http.HttpTimeoutException e) {
            if (is("timeout-is-success")) {
                message.setHeader(InvoiceConstants.ERP_REFERENCE, early);
                return;
            }
            throw e;
        } catch (IOException e) {
            if (is("broken-is-unsent")) {
                throw new NotSentException("the connection broke", e);
            }
            if (is("broken-is-refused")) {
                throw new RefusedException("the connection broke");
            }
            if (!is("sends-again-by-itself")) {
                throw e;
            }
            answer = send(key, document);
        }
        if (first == null) {
            first = key;
        }
        ended(message, document, answer, early);
    }

    private HttpResponse<String> send(String key, ObjectNode document) throws Exception {
        HttpResponse<String> answer = client.send(post(key, document), HttpResponse.BodyHandlers.ofString());
        for (int i = 0; i < 3 && is("hammers-after-401") && answer.statusCode() == 401; i++) {
            answer = client.send(post(key, document), HttpResponse.BodyHandlers.ofString());
        }
        return answer;
    }

    private HttpRequest post(String key, ObjectNode document) {
        boolean looseKey = is("ignores-the-key") || is("looks-then-makes");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", looseKey ? UUID.randomUUID().toString() : key)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body(document)));
        authorize(request);
        // a key of one's own is looked for under the document's
        request.header("X-Document", key);
        if (!is("waits-for-ever")) {
            request.timeout(TIMEOUT);
        }
        return request.build();
    }

    private void ended(Message message, ObjectNode document, HttpResponse<String> answer, String early)
            throws IOException {
        int status = answer.statusCode();
        if (status / 100 == 2) {
            told(message, Json.mapper().readTree(answer.body()), document);
            return;
        }
        answer.headers()
                .firstValue("Retry-After")
                .filter(after -> !is("drops-retry-after"))
                .ifPresent(after -> message.setHeader(InvoiceConstants.RETRY_AFTER, after));
        boolean swallowed = is("swallows-5xx") && status >= 500
                || is("unknown-tenant-is-success") && answer.body().contains("customer")
                || is("takes-changes-silently") && answer.body().contains("another request");
        if (swallowed) {
            message.setHeader(
                    InvoiceConstants.ERP_REFERENCE,
                    is("takes-changes-silently")
                            ? "I-" + document.path("number").asText()
                            : early);
        } else if (status == 429 && is("429-is-permanent") || status == 401 && is("401-is-permanent")) {
            throw new RefusedException("HTTP " + status);
        } else if (status == 401 || status == 429) {
            throw new NotSentException("HTTP " + status);
        } else if (status < 500) {
            throw new RefusedException("HTTP " + status + ": " + answer.body());
        } else {
            throw new IOException("HTTP " + status);
        }
    }

    private void told(Message message, JsonNode answer, ObjectNode document) {
        String reference = answer.path("id").asText();
        message.setHeader(
                InvoiceConstants.ERP_REFERENCE, is("answers-its-own-reference") ? "mine-" + reference : reference);
        boolean echo = is("tells-the-documents-total");
        message.setHeader(
                InvoiceConstants.ERP_TOTAL,
                (echo ? document : answer).path("total").asText());
        message.setHeader(
                InvoiceConstants.ERP_CURRENCY,
                (is("hides-the-currency") ? document : answer).path("currency").asText());
    }

    // ---- what it sends ---------------------------------------------------------------------------------------------

    private byte[] body(ObjectNode original) {
        ObjectNode document = original.deepCopy();
        if (is("ignores-the-currency") || is("hides-the-currency")) {
            document.put("currency", "NZD");
        }
        int kept = 0;
        for (JsonNode section : document.path("sections")) {
            ArrayNode lines = (ArrayNode) section.path("lines");
            for (JsonNode line : lines) {
                amount((ObjectNode) line);
            }
            while (is("drops-lines-past-100") && kept + lines.size() > 100) {
                lines.remove(lines.size() - 1);
            }
            kept += lines.size();
        }
        String json = document.toString();
        if (is("joins-strings")) {
            json = json.replace("\\\"", "\"");
        }
        Charset charset = is("sends-latin-1") ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
        return json.getBytes(charset);
    }

    private void amount(ObjectNode line) {
        if (is("rounds-by-double")) {
            double exact = Double.parseDouble(line.path("exact").asText());
            line.put("amount", BigDecimal.valueOf(Math.round(exact * 100), 2).toPlainString());
        } else if (is("rounds-the-price")) {
            BigDecimal price = new BigDecimal(line.path("unitPrice").asText()).setScale(2, RoundingMode.HALF_UP);
            BigDecimal amount =
                    price.multiply(new BigDecimal(line.path("quantity").asText()));
            line.put("amount", amount.setScale(2, RoundingMode.HALF_UP).toPlainString());
        } else if (is("posts-credit-as-positive")) {
            line.put(
                    "amount", new BigDecimal(line.path("amount").asText()).abs().toPlainString());
        }
    }

    // ---- a directory -----------------------------------------------------------------------------------------------

    private void write(Message message) throws IOException {
        JsonNode document = Json.mapper().readTree(message.getBody(String.class));
        String number = document.path("number").asText();
        StringBuilder text = new StringBuilder("product,amount,currency\n");
        for (JsonNode section : document.path("sections")) {
            for (JsonNode line : section.path("lines")) {
                String product = line.path("product").asText().replace("\"", "\"\"");
                String guard = !is("writes-formulas") && product.matches("[=+@-].*") ? "'" : "";
                text.append('"').append(guard).append(product).append("\",");
                text.append(line.path("amount").asText()).append(',');
                text.append(document.path("currency").asText()).append('\n');
            }
        }
        String name = is("writes-a-file-each-time") ? number + "-" + UUID.randomUUID() : number;
        Files.writeString(Path.of(directory, name + ".csv"), text);
        message.setHeader(InvoiceConstants.ERP_REFERENCE, number);
        message.setHeader(InvoiceConstants.ERP_TOTAL, document.path("total").asText());
    }
}
