package org.caravan.invoice;

import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.caravan.common.UserError;

/** Chooses connectors for the current document, closes a month, or re-rates what was asked for. */
public class InvoiceProducer extends DefaultProducer {
    private final InvoiceEndpoint endpoint;
    private final Outbox outbox;
    private final Set<String> connectors;
    private final ConnectorCatalog catalog;

    public InvoiceProducer(InvoiceEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
        InvoiceComponent component = endpoint.getComponent();
        this.outbox = new Outbox(component.requireDataSource(), component.deliverySettings(), component.clock());
        this.catalog = component.catalog();
        this.connectors = names(endpoint.getConfiguration().getConnector());
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        switch (endpoint.getConfiguration().getOperation()) {
            case close -> close(exchange);
            case rerate -> rerate(exchange);
            default -> choose(exchange);
        }
    }

    /** A stop waits for the running transaction and no longer: the next start goes on behind it. */
    private void rerate(Exchange exchange) throws SQLException {
        CamelContext context = endpoint.getCamelContext();
        exchange.getMessage()
                .setBody(endpoint.getComponent()
                        .requireRerating()
                        .runDue(() -> context.isStopping() || context.isStopped() || !isRunAllowed()));
    }

    private void close(Exchange exchange) throws SQLException {
        YearMonth month = month(exchange);
        Closer closer = endpoint.getComponent().requireCloser();
        exchange.getMessage().setBody(month == null ? closer.closeDue() : closer.close(month));
    }

    /** Within the fan-out the choice is gathered, so that all delivery rows of a document are written at once. */
    private void choose(Exchange exchange) throws SQLException {
        FanOutChoice choice = exchange.getProperty(InvoiceConstants.FAN_OUT, FanOutChoice.class);
        if (choice != null) {
            choice.add(connectors);
            return;
        }
        String key = exchange.getMessage().getHeader(InvoiceConstants.INVOICE_KEY, String.class);
        if (key == null) {
            throw new UserError(endpoint.getEndpointUri() + ": the message has no document; set the header "
                    + InvoiceConstants.INVOICE_KEY + ", or use it in the route from caravan-invoice:outbox");
        }
        if (!outbox.add(key, connectors, LaneOf.declared(catalog::find))) {
            throw new UserError("document " + key + ": the ledger has no document with this key");
        }
    }

    private static Set<String> names(String connectors) {
        Set<String> names = new LinkedHashSet<>();
        for (String name : connectors == null ? new String[0] : connectors.split(",")) {
            if (!name.isBlank()) {
                names.add(ConnectorInfo.checkName(name.strip()));
            }
        }
        return names;
    }

    /** The month that the message names, or null. */
    private static YearMonth month(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof YearMonth month) {
            return month;
        }
        String text = exchange.getMessage().getBody(String.class);
        if (text == null || text.isBlank()) {
            text = exchange.getMessage().getHeader(InvoiceConstants.MONTH, String.class);
        }
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            return YearMonth.parse(text.strip());
        } catch (DateTimeException e) {
            throw new UserError("month '" + text + "': not a month; write it as 2026-10", e);
        }
    }
}
