package org.caravan.invoice;

import java.time.Duration;
import java.time.Instant;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** One call of a connector through the route: what it is given and what it answers. */
final class ConnectorCall {
    private static final String[] ANSWERS = {
        InvoiceConstants.ERP_REFERENCE,
        InvoiceConstants.ERP_TOTAL,
        InvoiceConstants.ERP_CURRENCY,
        InvoiceConstants.LOOKUP,
        InvoiceConstants.RETRY_AFTER
    };

    private final InvoiceConsumer consumer;
    private final ConnectorInfo info;

    ConnectorCall(InvoiceConsumer consumer, ConnectorInfo info) {
        this.consumer = consumer;
        this.info = info;
    }

    /**
     * What a connector answered.
     *
     * @param error what went wrong, or null
     * @param unreadable why its headers can't be read, or null
     * @param reference the ERP's; null or blank if it told none
     * @param total as it was told, or null
     * @param currency as it was told, or null
     * @param absent true if it says for certain that the ERP does not have the document
     * @param retryAfter how long it asks to be left alone, or null
     */
    record Answer(
            Throwable error,
            RuntimeException unreadable,
            String reference,
            String total,
            String currency,
            boolean absent,
            Duration retryAfter) {
        boolean hasReference() {
            return reference != null
                    && !SqlText.line(reference, Deliveries.MAX_REFERENCE).isEmpty();
        }
    }

    /** Commits a document. */
    Answer commit(Deliveries.Attempt attempt, Instant now) {
        return call(attempt.document(), InvoiceConstants.COMMIT, attempt.number(), attempt.body(), now);
    }

    /**
     * Asks whether the ERP has a document. The body is left empty: a connector that takes the question for an order has
     * nothing to send.
     */
    Answer ask(IssuedDocument document, int attempt, Instant now) {
        return call(document, InvoiceConstants.ASK, attempt, null, now);
    }

    private Answer call(IssuedDocument document, String operation, int attempt, String body, Instant now) {
        Exchange exchange = consumer.newExchange(document);
        try {
            Message message = exchange.getIn();
            message.setBody(body);
            message.setHeader(InvoiceConstants.CONNECTOR, info.name());
            message.setHeader(InvoiceConstants.KAMELET, info.uri());
            message.setHeader(InvoiceConstants.OPERATION, operation);
            message.setHeader(InvoiceConstants.ATTEMPT, attempt);
            for (String answer : ANSWERS) {
                message.removeHeader(answer);
            }
            Throwable error = consumer.runRoute(exchange);
            return answer(exchange.getMessage(), error, now);
        } finally {
            consumer.release(exchange);
        }
    }

    private static Answer answer(Message message, Throwable error, Instant now) {
        RuntimeException unreadable = null;
        String[] texts = new String[ANSWERS.length];
        for (int i = 0; i < ANSWERS.length; i++) {
            try {
                texts[i] = message.getHeader(ANSWERS[i], String.class);
            } catch (RuntimeException e) {
                unreadable = e;
            }
        }
        return new Answer(
                error,
                unreadable,
                texts[0],
                texts[1],
                texts[2],
                InvoiceConstants.ABSENT.equals(texts[3]),
                RetryAfter.parse(texts[4], now));
    }
}
