package org.caravan.testing;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.caravan.invoice.InvoiceConstants;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentJson;

/** A connector that comes along, called as the outbox calls it, without an outbox. */
public final class Connector implements AutoCloseable {
    private static final String ROUTE = "direct:call";

    private final CamelContext context = new DefaultCamelContext();
    private final CountDownLatch made = new CountDownLatch(1);
    private final AtomicBoolean called = new AtomicBoolean();

    /**
     * @param name the Kamelet's name without {@code -sink}
     * @param told names and values of its properties in turn
     */
    public Connector(String name, String... told) {
        Properties properties = new Properties();
        for (int i = 0; i < told.length; i += 2) {
            properties.setProperty("camel.kamelet." + name + "-sink." + told[i], told[i + 1]);
        }
        context.getPropertiesComponent().setInitialProperties(properties);
        context.getComponent("kamelet", KameletComponent.class).setLocation("file:connectors");
        try {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    errorHandler(noErrorHandler());
                    from(ROUTE).toD("kamelet:" + name + "-sink/" + name + "-sink?noErrorHandler=true");
                }
            });
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        context.start();
    }

    /** What came of a call. */
    public record Answer(
            Exception error, String reference, String total, String currency, String lookup, String retryAfter) {}

    /** Lets it commit a document. */
    public Answer commit(Document document) {
        return call(InvoiceConstants.COMMIT, document, document.key(), document.number());
    }

    /** Asks it for a document. */
    public Answer ask(String key, String number) {
        return call(InvoiceConstants.ASK, null, key, number);
    }

    private Answer call(String operation, Document document, String key, String number) {
        Exchange exchange = new DefaultExchange(context);
        Map<String, Object> headers = new HashMap<>();
        headers.put(InvoiceConstants.INVOICE_KEY, key);
        headers.put(InvoiceConstants.INVOICE_NUMBER, number);
        headers.put(InvoiceConstants.ACCOUNT, "acme");
        headers.put(InvoiceConstants.OPERATION, operation);
        exchange.getMessage().setHeaders(headers);
        exchange.getMessage()
                .setBody(
                        document == null
                                ? null
                                : new String(DocumentJson.write(document), java.nio.charset.StandardCharsets.UTF_8));
        send(exchange);
        return new Answer(
                exchange.getException(),
                header(exchange, InvoiceConstants.ERP_REFERENCE),
                header(exchange, InvoiceConstants.ERP_TOTAL),
                header(exchange, InvoiceConstants.ERP_CURRENCY),
                header(exchange, InvoiceConstants.LOOKUP),
                header(exchange, InvoiceConstants.RETRY_AFTER));
    }

    /** The first call alone, as the outbox does it: Camel makes the Kamelet's route within. */
    private void send(Exchange exchange) {
        if (called.compareAndSet(false, true)) {
            try {
                context.createProducerTemplate().send(ROUTE, exchange);
            } finally {
                made.countDown();
            }
            return;
        }
        try {
            made.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        context.createProducerTemplate().send(ROUTE, exchange);
    }

    private static String header(Exchange exchange, String name) {
        return exchange.getMessage().getHeader(name, String.class);
    }

    @Override
    public void close() {
        context.stop();
    }
}
