package org.caravan.ledger;

import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;

/**
 * A committed batch, or the one being committed, with what of it was billed: where overlapping records look for what
 * they overlap.
 */
final class BilledBatch {
    private static final int END = -1;

    final long id;
    final UsageBatch batch;
    private final byte[] accepted;
    private int[] next;

    /** @param accepted a bitmap: bit (row % 8) of byte (row / 8) */
    BilledBatch(long id, UsageBatch batch, byte[] accepted) {
        this.id = id;
        this.batch = batch;
        this.accepted = accepted;
    }

    boolean isAccepted(int row) {
        return (accepted[row >> 3] >> (row & 7) & 1) != 0;
    }

    /**
     * Links the billed rows of the series that carry {@code overlapStamp}: from {@link SeriesState#chainHead} through
     * {@link #next}. {@code chainStamp} is unique to the call.
     */
    void chain(SeriesOf seriesOf, long overlapStamp, long chainStamp) {
        SeriesState[] wanted = new SeriesState[batch.keyCount()];
        boolean any = false;
        for (int i = 0; i < wanted.length; i++) {
            SeriesState series = seriesOf.series(batch.keyAt(i));
            if (series != null && series.overlapStamp == overlapStamp) {
                wanted[i] = series;
                any = true;
            }
        }
        if (!any) {
            return;
        }
        next = new int[batch.size()];
        for (int row = 0; row < batch.size(); row++) {
            SeriesState series = wanted[batch.keyIndex(row)];
            if (series != null && isAccepted(row)) {
                next[row] = series.chainStamp == chainStamp ? series.chainHead : END;
                series.chainStamp = chainStamp;
                series.chainHead = row;
            }
        }
    }

    /** The billed row of the series that shares a moment with [begin, end), or -1; {@link #chain} must have been called. */
    int overlapping(SeriesState series, long chainStamp, long begin, long end) {
        if (series.chainStamp != chainStamp) {
            return END;
        }
        for (int row = series.chainHead; row != END; row = next[row]) {
            if (batch.begin(row) < end && begin < batch.end(row)) {
                return row;
            }
        }
        return END;
    }

    /** Frees what {@link #chain} made. */
    void unchain() {
        next = null;
    }

    /** The series of a key, or null where this process does not know it. */
    interface SeriesOf {
        SeriesState series(UsageKey key);
    }
}
