package org.caravan.invoice;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** One call of a connector through the route: what it is given and what it answers. */
final class ConnectorCall {
    private static final String[] ANSWERS = {
        InvoiceConstants.ERP_REFERENCE,
        InvoiceConstants.ERP_TOTAL,
        InvoiceConstants.ERP_CURRENCY,
        InvoiceConstants.LOOKUP,
        InvoiceConstants.RETRY_AFTER,
        InvoiceConstants.ERP_ANSWERS
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

    /**
     * What a connector answered to a batch.
     *
     * @param error what went wrong with all of it, or null
     * @param byKey answers by document key, as the connector gave them; empty where there are none, or none that can be read
     * @param unreadable why they can't be read, or null
     * @param retryAfter how long it asks to be left alone, or null
     */
    record BatchResult(Throwable error, Map<?, ?> byKey, RuntimeException unreadable, Duration retryAfter) {}

    /** Commits several documents with one call. */
    BatchResult commitAll(List<Deliveries.Attempt> attempts, Instant now) {
        Exchange exchange = consumer.newExchange();
        try {
            Message message = exchange.getIn();
            message.setBody(attempts.stream().map(Deliveries.Attempt::body).collect(Collectors.joining(",", "[", "]")));
            prepare(message, InvoiceConstants.COMMIT);
            message.setHeader(InvoiceConstants.BATCH_SIZE, attempts.size());
            Throwable error = consumer.runRoute(exchange);
            Duration retryAfter = answer(exchange.getMessage(), error, now).retryAfter();
            try {
                Object answers = exchange.getMessage().getHeader(InvoiceConstants.ERP_ANSWERS);
                return new BatchResult(error, BatchAnswer.header(answers), null, retryAfter);
            } catch (RuntimeException e) {
                return new BatchResult(error, Map.of(), e, retryAfter);
            }
        } finally {
            consumer.release(exchange);
        }
    }

    private void prepare(Message message, String operation) {
        message.setHeader(InvoiceConstants.CONNECTOR, info.name());
        message.setHeader(InvoiceConstants.KAMELET, info.uri());
        message.setHeader(InvoiceConstants.OPERATION, operation);
        for (String answer : ANSWERS) {
            message.removeHeader(answer);
        }
    }

    private Answer call(IssuedDocument document, String operation, int attempt, String body, Instant now) {
        Exchange exchange = consumer.newExchange(document);
        try {
            Message message = exchange.getIn();
            message.setBody(body);
            prepare(message, operation);
            message.setHeader(InvoiceConstants.ATTEMPT, attempt);
            Throwable error = consumer.runRoute(exchange);
            return answer(exchange.getMessage(), error, now);
        } finally {
            consumer.release(exchange);
        }
    }

    private static Answer answer(Message message, Throwable error, Instant now) {
        RuntimeException unreadable = null;
        // what became of the documents of a batch is no text
        String[] texts = new String[ANSWERS.length - 1];
        for (int i = 0; i < texts.length; i++) {
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
