package org.caravan.ledger;

import java.util.Arrays;
import java.util.BitSet;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;

/**
 * The distinct keys of a batch, found in one pass over its rows: what comes after works per key, of which there are a
 * few per cent as many, or finds a row's key through an index instead of through memory far apart.
 */
final class BatchKeys {
    /** Index of a row whose record is nobody's. */
    static final int NOBODY = -1;

    private final int[] indexes;
    private KeyState[] states = new KeyState[1024];
    private UsageKey[] keys = new UsageKey[1024];
    private int size;
    private long firstBegin = Long.MAX_VALUE;

    private BatchKeys(int rows) {
        indexes = new int[rows];
    }

    /** Finds them, and rejects records without tenant: one may be rated for a trial, but not billed. */
    static BatchKeys of(Ledger ledger, UsageBatch batch) {
        BatchKeys found = new BatchKeys(batch.size());
        long stamp = ledger.nextStamp();
        for (int row = 0; row < batch.size(); row++) {
            UsageKey key = batch.key(row);
            if (key.tenant() == null) {
                batch.reject(row, "no tenant: nobody to bill");
                found.indexes[row] = NOBODY;
                continue;
            }
            KeyState state = KeyState.of(ledger, key);
            if (state.listedStamp != stamp) {
                state.listedStamp = stamp;
                state.listedIndex = found.list(key, state);
            }
            found.indexes[row] = state.listedIndex;
            found.firstBegin = Math.min(found.firstBegin, batch.begin(row));
        }
        return found;
    }

    private int list(UsageKey key, KeyState state) {
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, 2 * size);
            states = Arrays.copyOf(states, 2 * size);
        }
        keys[size] = key;
        states[size] = state;
        return size++;
    }

    int size() {
        return size;
    }

    UsageKey key(int index) {
        return keys[index];
    }

    KeyState state(int index) {
        return states[index];
    }

    /** Index of a row's key, or {@link #NOBODY}. */
    int indexOf(int row) {
        return indexes[row];
    }

    /** State of a row's key; the row must be somebody's. */
    KeyState ofRow(int row) {
        return states[indexes[row]];
    }

    /** Begin of the earliest record in microseconds since 1970. */
    long firstBegin() {
        return firstBegin;
    }

    BitSet buckets() {
        BitSet buckets = new BitSet(UsageKey.BUCKETS);
        for (int i = 0; i < size; i++) {
            buckets.set(keys[i].bucket());
        }
        return buckets;
    }
}
