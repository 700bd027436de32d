package org.caravan.ledger;

import java.util.BitSet;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;

/** What the ledger remembers of a batch's keys, by their index in the batch. */
final class BatchKeys {
    private final UsageBatch batch;
    private final KeyState[] states;
    private final long firstBegin;

    private BatchKeys(UsageBatch batch, KeyState[] states, long firstBegin) {
        this.batch = batch;
        this.states = states;
        this.firstBegin = firstBegin;
    }

    /** Looks them up, and rejects records without tenant: such a one may be rated for a trial, but not billed. */
    static BatchKeys of(Ledger ledger, UsageBatch batch) {
        KeyState[] states = new KeyState[batch.keyCount()];
        boolean nobodys = false;
        for (int i = 0; i < states.length; i++) {
            UsageKey key = batch.keyAt(i);
            if (key.tenant() == null) {
                nobodys = true;
            } else {
                states[i] = KeyState.of(ledger, key);
            }
        }
        long firstBegin = Long.MAX_VALUE;
        for (int row = 0; row < batch.size(); row++) {
            if (nobodys && batch.key(row).tenant() == null) {
                batch.reject(row, "no tenant: nobody to bill");
            } else {
                firstBegin = Math.min(firstBegin, batch.begin(row));
            }
        }
        return new BatchKeys(batch, states, firstBegin);
    }

    int size() {
        return states.length;
    }

    UsageKey key(int index) {
        return batch.keyAt(index);
    }

    /** Null for a key that is nobody's. */
    KeyState state(int index) {
        return states[index];
    }

    /** State of a row's key; the row must not be rejected. */
    KeyState ofRow(int row) {
        return states[batch.keyIndex(row)];
    }

    /** True if no record of the batch can be billed. */
    boolean isEmpty() {
        return firstBegin == Long.MAX_VALUE;
    }

    /** Begin of the earliest record in microseconds since 1970. */
    long firstBegin() {
        return firstBegin;
    }

    BitSet buckets() {
        BitSet buckets = new BitSet(UsageKey.BUCKETS);
        for (int i = 0; i < states.length; i++) {
            if (states[i] != null) {
                buckets.set(batch.keyAt(i).bucket());
            }
        }
        return buckets;
    }

    /**
     * The rows that are not rejected, series by series, each series' rows in the order they came: a series' memory is then
     * fetched once a batch instead of once a record, and its records meet their predecessor at once.
     */
    int[] rowsBySeries(long stamp) {
        int[] seriesOf = new int[states.length];
        int series = 0;
        for (int i = 0; i < states.length; i++) {
            if (states[i] != null) {
                SeriesState state = states[i].series;
                if (state.orderStamp != stamp) {
                    state.orderStamp = stamp;
                    state.order = series++;
                }
                seriesOf[i] = state.order;
            }
        }
        int[] ends = new int[series + 1];
        int rows = 0;
        for (int row = 0; row < batch.size(); row++) {
            if (!batch.isRejected(row)) {
                ends[seriesOf[batch.keyIndex(row)] + 1]++;
                rows++;
            }
        }
        for (int i = 1; i <= series; i++) {
            ends[i] += ends[i - 1];
        }
        int[] order = new int[rows];
        for (int row = 0; row < batch.size(); row++) {
            if (!batch.isRejected(row)) {
                order[ends[seriesOf[batch.keyIndex(row)]]++] = row;
            }
        }
        return order;
    }
}
