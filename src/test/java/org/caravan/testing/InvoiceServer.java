package org.caravan.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.caravan.common.Json;

/**
 * An ERP with an HTTP API, as they are found: it keeps invoices, adds their lines up itself, honours Idempotency-Key where
 * it is let, can be asked by key in two ways, refuses what it does not know, and fails on order, before or after its
 * commit.
 */
public final class InvoiceServer implements AutoCloseable {
    private static final Set<String> CURRENCIES = Set.of("EUR", "USD", "NZD", "JPY");

    /** What happens to a POST in place of the ordinary. */
    public interface Fault {
        /** @return true if that was the answer, or none is given */
        boolean happen(InvoiceServer server, HttpExchange exchange, byte[] body) throws IOException;
    }

    /** An invoice that was booked. */
    public record Invoice(String id, String key, JsonNode document, BigDecimal total, String currency) {}

    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<Invoice> invoices = new ArrayList<>();
    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    private final Queue<HttpExchange> requests = new ConcurrentLinkedQueue<>();
    private volatile boolean idempotent = true;
    private volatile String authorization;
    private volatile Set<String> accounts;
    private volatile UnaryOperator<ObjectNode> booking = answer -> answer;

    public InvoiceServer() {
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.setExecutor(threads);
        http.createContext("/invoices", this::handle);
        http.start();
    }

    /** {@code http://127.0.0.1:PORT/invoices}. */
    public String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort() + "/invoices";
    }

    /** From now on each POST is a new invoice, whatever its key. */
    public InvoiceServer withoutIdempotency() {
        idempotent = false;
        return this;
    }

    /** From now on requests must bear this header. */
    public InvoiceServer authorization(String value) {
        authorization = value;
        return this;
    }

    /** From now on it knows these accounts alone. */
    public InvoiceServer accounts(String... known) {
        accounts = Set.of(known);
        return this;
    }

    /** Changes what it answers to a booking; what it has booked stays. */
    public InvoiceServer answering(UnaryOperator<ObjectNode> booking) {
        this.booking = booking;
        return this;
    }

    /** What happens to the next POSTs, in this order; afterwards they fare well again. */
    public InvoiceServer then(Fault... next) {
        faults.addAll(List.of(next));
        return this;
    }

    /** Requests so far. */
    public List<HttpExchange> requests() {
        return List.copyOf(requests);
    }

    public List<Invoice> invoices() {
        synchronized (invoices) {
            return List.copyOf(invoices);
        }
    }

    // ---- faults ----------------------------------------------------------------------------------------------------

    /** Booked, and the connection breaks before a byte of the answer. */
    public static Fault lostAfterCommit() {
        return (server, exchange, body) -> {
            server.book(exchange, body);
            exchange.close();
            return true;
        };
    }

    /** Broken before anything was done. */
    public static Fault lostBeforeCommit() {
        return (server, exchange, body) -> {
            exchange.close();
            return true;
        };
    }

    /** Booked, and no answer ever. */
    public static Fault hangingAfterCommit() {
        return (server, exchange, body) -> {
            server.book(exchange, body);
            try {
                server.closing.await(2, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
            return true;
        };
    }

    /** Nothing booked; this answer. */
    public static Fault answer(int status, String text, String... headers) {
        return (server, exchange, body) -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
            }
            send(exchange, status, text);
            return true;
        };
    }

    /** Booked by a server behind a proxy that gave up on it. */
    public static Fault answerAfterCommit(int status, String text) {
        return (server, exchange, body) -> {
            server.book(exchange, body);
            send(exchange, status, text);
            return true;
        };
    }

    // ---- requests --------------------------------------------------------------------------------------------------

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            requests.add(exchange);
            String said = exchange.getRequestHeaders().getFirst("Authorization");
            if (authorization != null && !authorization.equals(said)) {
                send(exchange, 401, "{\"error\":\"invalid credentials\"}");
                return;
            }
            switch (exchange.getRequestMethod()) {
                case "GET" -> find(exchange);
                case "POST" -> {
                    Fault fault = faults.poll();
                    if (fault == null || !fault.happen(this, exchange, body)) {
                        Booked booked = book(exchange, body);
                        send(exchange, booked.status, booked.answer);
                    }
                }
                default -> send(exchange, 405, "{}");
            }
        } catch (IOException e) {
            // the client is gone
        }
    }

    private record Booked(int status, String answer) {}

    private Booked book(HttpExchange exchange, byte[] body) throws IOException {
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        JsonNode document = Json.mapper().readTree(body);
        String currency = document.path("currency").asText();
        if (!CURRENCIES.contains(currency)) {
            return new Booked(422, "{\"error\":\"unknown currency " + currency + "\"}");
        }
        String account = document.path("account").asText();
        if (accounts != null && !accounts.contains(account)) {
            return new Booked(422, "{\"error\":\"unknown customer " + account + "\"}");
        }
        synchronized (invoices) {
            for (Invoice invoice : invoices) {
                if (idempotent && invoice.key.equals(key)) {
                    return invoice.document.equals(document)
                            ? new Booked(200, json(invoice).toString())
                            : new Booked(422, "{\"error\":\"the key was used for another request\"}");
                }
            }
            Invoice invoice = new Invoice("I-" + (1000 + invoices.size()), key, document, total(document), currency);
            invoices.add(invoice);
            return new Booked(201, booking.apply(json(invoice)).toString());
        }
    }

    /** Its own sum, not the document's. */
    private static BigDecimal total(JsonNode document) {
        BigDecimal total = BigDecimal.ZERO;
        for (JsonNode section : document.path("sections")) {
            for (JsonNode line : section.path("lines")) {
                total = total.add(new BigDecimal(line.path("amount").asText()));
            }
        }
        if (document.path("discount").has("amount")) {
            total = total.subtract(
                    new BigDecimal(document.path("discount").path("amount").asText()));
        }
        for (JsonNode tax : document.path("taxes")) {
            total = total.add(new BigDecimal(tax.path("amount").asText()));
        }
        return total;
    }

    private void find(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath().replaceFirst("^/invoices/?", "");
        String query = exchange.getRequestURI().getRawQuery();
        String key = decoded(path.isEmpty() ? query == null ? "" : query.replaceFirst("^key=", "") : path);
        List<Invoice> found =
                invoices().stream().filter(invoice -> key.equals(invoice.key)).toList();
        if (path.isEmpty()) {
            ObjectNode list = JsonNodeFactory.instance.objectNode();
            found.forEach(invoice -> list.withArray("data").add(json(invoice)));
            if (found.isEmpty()) {
                list.putArray("data");
            }
            send(exchange, 200, list.toString());
        } else if (found.isEmpty()) {
            send(exchange, 404, "{\"error\":\"no such invoice\"}");
        } else {
            send(exchange, 200, json(found.get(0)).toString());
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static ObjectNode json(Invoice invoice) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", invoice.id)
                .put("total", invoice.total)
                .put("currency", invoice.currency);
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().putIfAbsent("Content-Type", List.of("application/json"));
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** The headers of the newest request, names in lower case. */
    public Map<String, List<String>> lastHeaders() {
        HttpExchange last = null;
        for (HttpExchange request : requests) {
            last = request;
        }
        Map<String, List<String>> headers = new java.util.TreeMap<>();
        if (last != null) {
            last.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values));
        }
        return headers;
    }

    @Override
    public void close() {
        closing.countDown();
        http.stop(0);
        threads.shutdownNow();
    }
}
