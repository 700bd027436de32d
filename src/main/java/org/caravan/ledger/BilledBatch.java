package org.caravan.ledger;

import java.util.Arrays;
import org.caravan.metering.UsageBatch;

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
        next = new int[batch.size()];
        Arrays.fill(next, END);
        for (int row = 0; row < batch.size(); row++) {
            if (!isAccepted(row)) {
                continue;
            }
            SeriesState series = seriesOf.series(row);
            if (series == null || series.overlapStamp != overlapStamp) {
                continue;
            }
            if (series.chainStamp == chainStamp) {
                next[row] = series.chainHead;
            }
            series.chainStamp = chainStamp;
            series.chainHead = row;
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

    /** The series of a row, or null where it is none of the locked buckets'. */
    interface SeriesOf {
        SeriesState series(int row);
    }
}
