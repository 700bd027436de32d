package org.caravan.hub.kafka;

/** Where reading of one partition goes on, from the moment it was assigned until it is taken away. For one thread. */
final class Chain {
    /** Key of the partition's position in the ledger. */
    final String key;

    /** Where the log ended when the partition was assigned. */
    private final long end;

    /** The first offset that was not handed on yet. */
    private long next;

    Chain(String key, long next, long end) {
        this.key = key;
        this.next = next;
        this.end = end;
    }

    /** True once everything was handed on that was there when the partition was assigned. */
    boolean isCaughtUp() {
        return next >= end;
    }

    long next() {
        return next;
    }

    /**
     * Goes on to an offset. Offsets that no message has (compacted ones, marks of transactions) are passed over.
     *
     * @param first offset of the first message, or {@code to} where there was none
     * @param to the offset that the consumer reads next
     * @return where the stretch that ends at {@code to} began
     * @throws ChainBroken if the consumer went backwards without being told
     */
    long advance(long first, long to) {
        if (first < next || to < first) {
            throw new ChainBroken(
                    key + ": read " + first + " to " + to + " where " + next + " was next; reading begins again");
        }
        long from = next;
        next = to;
        return from;
    }
}
