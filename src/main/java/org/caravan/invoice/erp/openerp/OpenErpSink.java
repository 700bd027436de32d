package org.caravan.invoice.erp.openerp;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.caravan.common.UserError;
import org.caravan.invoice.BatchAnswer;
import org.caravan.invoice.InvoiceConstants;
import org.caravan.invoice.NotSentException;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentJson;
import org.caravan.metering.CaravanHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The step of {@code openerp-sink}: commits the document in the body, or each document of the array there. For one document
 * the headers say reference and total; for an array the header {@link CaravanHeaders#ERP_ANSWERS} says what became of each.
 */
public final class OpenErpSink implements Processor {
    private static final Logger LOG = LoggerFactory.getLogger(OpenErpSink.class);

    private final Map<String, Object> settings = new HashMap<>();
    private Committer committer;

    /** Where the Kamelet puts its properties; a text each, null where there is none. */
    public Map<String, Object> getSettings() {
        return settings;
    }

    /**
     * Takes the settings; called once, before the first exchange.
     *
     * @throws UserError naming a setting that is unfit
     */
    public void open() {
        Map<String, String> said = new HashMap<>();
        settings.forEach((name, value) -> said.put(name, value == null ? null : value.toString()));
        OpenErpSettings read = OpenErpSettings.of(said);
        if (Office.isInTheClear(read.server().url())) {
            LOG.warn(
                    "openerp: {} is not encrypted; whoever is on the way reads the credentials. Use https",
                    read.server().url());
        }
        committer = new Committer(read);
    }

    /** Commits what is in the body: a document's JSON, the document itself, or a JSON array of documents. */
    @Override
    public void process(Exchange exchange) throws IOException, InterruptedException {
        Message message = exchange.getMessage();
        String body = body(message);
        if (body.stripLeading().startsWith("[")) {
            List<Order> orders = Order.array(body);
            Map<String, Map<String, String>> answers = new LinkedHashMap<>();
            committer.commit(orders).forEach((key, outcome) -> {
                answers.put(key, answer(outcome));
                retryAfter(message, outcome);
            });
            message.setHeader(CaravanHeaders.ERP_ANSWERS, answers);
            return;
        }
        Order order = Order.of(body);
        String key = message.getHeader(CaravanHeaders.INVOICE_KEY, String.class);
        if (key != null && !key.equals(order.document().key())) {
            throw new UserError(
                    "openerp: the body is document " + order.document().key() + ", the header "
                            + CaravanHeaders.INVOICE_KEY + " says " + key + "; nothing was sent");
        }
        answer(message, committer.commit(List.of(order)).get(order.document().key()));
    }

    private static String body(Message message) {
        if (message.getBody() instanceof Document document) {
            return new String(DocumentJson.write(document), java.nio.charset.StandardCharsets.UTF_8);
        }
        String body = message.getBody(String.class);
        if (body == null) {
            throw new UserError("openerp: the body is no document; send a document's JSON");
        }
        return body;
    }

    /** Odoo gets the time that it asks for. */
    private static void retryAfter(Message message, Outcome outcome) {
        String asked = outcome instanceof Outcome.Unsent unsent
                ? unsent.retryAfter()
                : outcome instanceof Outcome.Unknown unknown ? unknown.retryAfter() : null;
        if (asked != null) {
            message.setHeader(InvoiceConstants.RETRY_AFTER, asked);
        }
    }

    private static void answer(Message message, Outcome outcome) throws IOException {
        retryAfter(message, outcome);
        if (outcome instanceof Outcome.Committed committed) {
            message.setHeader(CaravanHeaders.ERP_REFERENCE, committed.reference());
            message.setHeader(CaravanHeaders.ERP_TOTAL, committed.total().toPlainString());
        } else if (outcome instanceof Outcome.Refused refused) {
            throw new UserError(refused.reason());
        } else if (outcome instanceof Outcome.Unsent unsent) {
            throw new NotSentException(unsent.reason());
        } else {
            throw new IOException(((Outcome.Unknown) outcome).reason());
        }
    }

    private static Map<String, String> answer(Outcome outcome) {
        if (outcome instanceof Outcome.Committed committed) {
            return BatchAnswer.committed(
                    committed.reference(), committed.total().toPlainString());
        }
        if (outcome instanceof Outcome.Refused refused) {
            return BatchAnswer.refused(refused.reason());
        }
        return outcome instanceof Outcome.Unsent unsent
                ? BatchAnswer.unsent(unsent.reason())
                : BatchAnswer.failed(((Outcome.Unknown) outcome).reason());
    }
}
