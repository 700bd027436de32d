package org.caravan.hub.kafka;

/** What was read does not follow what was read before: the consumer is made anew and reads from the ledger's position. */
final class ChainBroken extends RuntimeException {
    private static final long serialVersionUID = 1;

    ChainBroken(String message) {
        super(message);
    }
}
