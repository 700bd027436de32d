package org.caravan.invoice;

/**
 * Thrown by a connector that is certain that its ERP got nothing, so that the delivery may be tried again whatever the
 * connector's {@code caravan/repeat} says. A refused connection alone is no such certainty: it may be the second call of
 * a connector whose first one made the invoice.
 */
public final class NotSentException extends RuntimeException {
    /** Says what prevented the sending. */
    public NotSentException(String message) {
        super(message);
    }

    /** As {@link #NotSentException(String)}, with its cause. */
    public NotSentException(String message, Throwable cause) {
        super(message, cause);
    }
}
