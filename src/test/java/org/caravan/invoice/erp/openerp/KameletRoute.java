package org.caravan.invoice.erp.openerp;

import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentJson;
import org.caravan.metering.CaravanHeaders;

/** The connector as the hub uses it: the Kamelet from its file, fed with JSON. */
final class KameletRoute implements AutoCloseable {
    private final CamelContext context = new DefaultCamelContext();

    KameletRoute(String options) throws Exception {
        context.getComponent("kamelet", KameletComponent.class).setLocation("file:connectors");
        context.start();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:odoo").to("kamelet:openerp-sink?" + options);
            }
        });
    }

    /** What came of one document. */
    record Answer(String reference, String total, Throwable error) {
        String message() {
            return error == null ? "" : error.getMessage();
        }
    }

    Answer send(Document document) {
        Exchange exchange = exchange(new String(DocumentJson.write(document), java.nio.charset.StandardCharsets.UTF_8));
        exchange.getMessage().setHeader(CaravanHeaders.INVOICE_KEY, document.key());
        context.createProducerTemplate().send("direct:odoo", exchange);
        return new Answer(
                exchange.getMessage().getHeader(CaravanHeaders.ERP_REFERENCE, String.class),
                exchange.getMessage().getHeader(CaravanHeaders.ERP_TOTAL, String.class),
                exchange.getException());
    }

    /** The header that answers an array of documents. */
    @SuppressWarnings("unchecked")
    Map<String, Map<String, String>> sendAll(List<Document> documents) {
        Exchange exchange = exchange("["
                + String.join(
                        ",",
                        documents.stream()
                                .map(document -> new String(
                                        DocumentJson.write(document), java.nio.charset.StandardCharsets.UTF_8))
                                .toList())
                + "]");
        context.createProducerTemplate().send("direct:odoo", exchange);
        if (exchange.getException() != null) {
            throw new IllegalStateException(exchange.getException());
        }
        return exchange.getMessage().getHeader(CaravanHeaders.ERP_ANSWERS, Map.class);
    }

    private Exchange exchange(String body) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(body);
        return exchange;
    }

    @Override
    public void close() {
        context.stop();
    }
}
