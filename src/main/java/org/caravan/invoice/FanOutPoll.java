package org.caravan.invoice;

import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.Exchange;
import org.caravan.invoice.document.AccountProfiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the fan-out route which connectors get a document, and writes their delivery rows. */
final class FanOutPoll implements InvoiceConsumer.Poll {
    private static final Logger LOG = LoggerFactory.getLogger(FanOutPoll.class);

    private final InvoiceConsumer consumer;
    private final String owner;
    private final Outbox outbox;
    private final Documents documents;
    private final Map<YearMonth, AccountProfiles> profiles = new HashMap<>();
    private final InvoiceComponent component;
    private final ConnectorCatalog catalog;

    FanOutPoll(InvoiceConsumer consumer, String owner) {
        this.consumer = consumer;
        this.owner = owner;
        this.component = consumer.getEndpoint().getComponent();
        this.catalog = component.catalog();
        this.outbox = new Outbox(component.requireDataSource(), component.deliverySettings(), component.clock());
        this.documents = new Documents(component.requireDataSource());
    }

    @Override
    public int run() throws SQLException {
        // read anew in each round: a customer may have got other connectors
        profiles.clear();
        List<Outbox.Claim> claims = outbox.claim(owner);
        List<Outbox.Choice> choices = new ArrayList<>();
        int asked = 0;
        try {
            while (asked < claims.size() && consumer.mayGoOn()) {
                ask(claims.get(asked++), choices);
            }
        } finally {
            if (!choices.isEmpty()) {
                outbox.done(choices, LaneOf.declared(catalog::find));
            }
            if (asked < claims.size()) {
                outbox.release(claims.subList(asked, claims.size()));
            }
        }
        return asked;
    }

    @Override
    public void letGo() throws SQLException {
        outbox.letGo(owner);
    }

    private void ask(Outbox.Claim claim, List<Outbox.Choice> choices) throws SQLException {
        if (!claim.document().isInvoice()) {
            follow(claim, choices);
            return;
        }
        String body = documents.body(claim.document().id());
        FanOutChoice choice = new FanOutChoice();
        Exchange exchange = consumer.newExchange(claim.document());
        Throwable error;
        try {
            exchange.getIn().setBody(body);
            exchange.getIn().setHeader(InvoiceConstants.CONNECTORS, ofProfile(claim.document()));
            DocumentParties parties = DocumentParties.of(body);
            exchange.getIn().setHeader(InvoiceConstants.CUSTOMER, parties.customer());
            exchange.getIn().setHeader(InvoiceConstants.TENANTS, parties.tenants());
            exchange.setProperty(InvoiceConstants.FAN_OUT, choice);
            error = consumer.runRoute(exchange);
        } catch (RuntimeException e) {
            // one document's, and no reason to keep those behind it waiting
            error = e;
        } finally {
            consumer.release(exchange);
        }
        if (error == null) {
            choices.add(new Outbox.Choice(claim, choice.connectors()));
            return;
        }
        String reason = Failures.reason(error);
        LOG.warn("Document {}: the fan-out route failed: {}", claim.document().number(), reason);
        boolean permanent = Failures.kind(error) == Deliveries.Failure.PERMANENT;
        outbox.failed(claim, permanent, reason, ThreadLocalRandom.current());
    }

    private String ofProfile(IssuedDocument document) throws SQLException {
        AccountProfiles known = profiles.get(document.month());
        if (known == null) {
            known = Transactions.single(
                    component.requireDataSource(),
                    connection -> component.profiles().at(connection, document.month()));
            profiles.put(document.month(), known);
        }
        return String.join(",", known.profile(document.account()).connectors());
    }

    /** A credit note goes where its invoice went; the route is not asked. */
    private void follow(Outbox.Claim claim, List<Outbox.Choice> choices) throws SQLException {
        Set<String> connectors = CreditFanOut.connectors(
                component.requireDataSource(), claim.document().id());
        if (connectors.isEmpty()) {
            outbox.failed(claim, true, CreditFanOut.NOWHERE, ThreadLocalRandom.current());
        } else {
            choices.add(new Outbox.Choice(claim, connectors));
        }
    }
}
