package org.caravan.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;

/**
 * A committed batch, or the one being committed, with what of it was billed: where overlapping records look for what
 * they overlap.
 */
final class BilledBatch {
    private static final int NONE = -1;
    private static final int ROW_BITS = 20;

    final long id;
    final UsageBatch batch;

    /** False where ids, prices and amounts were left out: enough to compare content, and less than half the memory. */
    final boolean whole;

    private final byte[] accepted;

    // billed rows, series by series, each series' in order of time; made when first asked for
    private int[] rows;
    private int[] starts;
    private UsageKey[] keys;
    private long firstBegin = Long.MAX_VALUE;
    private long lastEnd = Long.MIN_VALUE;

    /** @param accepted a bitmap: bit (row % 8) of byte (row / 8) */
    BilledBatch(long id, UsageBatch batch, byte[] accepted, boolean whole) {
        this.id = id;
        this.batch = batch;
        this.accepted = accepted;
        this.whole = whole;
    }

    boolean isAccepted(int row) {
        return (accepted[row >> 3] >> (row & 7) & 1) != 0;
    }

    /** Estimated heap, the keys left out: they are shared. */
    long bytes() {
        return (whole ? 130L : 50L) * batch.size() + 8L * batch.keyCount() + 1_000;
    }

    /** Tells each series that this process knows where its rows stand; {@code stamp} is unique to the call. */
    void mark(Ledger ledger, long stamp) {
        if (rows == null) {
            order();
        }
        for (int i = 0; i < keys.length; i++) {
            SeriesState series = ledger.knownSeries(keys[i]);
            if (series != null) {
                series.markStamp = stamp;
                series.mark = i;
            }
        }
    }

    /**
     * A billed row of the series that shares a moment with [begin, end), or -1; {@link #mark} must have been called.
     *
     * @param reversed rows that are not billed any more, or null
     */
    int overlapping(SeriesState series, long stamp, long begin, long end, BitSet reversed) {
        if (series.markStamp != stamp || begin >= lastEnd || end <= firstBegin) {
            return NONE;
        }
        int first = starts[series.mark];
        for (int at = firstAtOrAfter(series.mark, end) - 1; at >= first; at--) {
            int row = rows[at];
            if (reversed == null || !reversed.get(row)) {
                // billed rows share no moment: if the last one before our end does not reach us, none does
                return batch.end(row) > begin ? row : NONE;
            }
        }
        return NONE;
    }

    /** All billed rows of the series that share a moment with [begin, end), latest first; as {@link #overlapping}. */
    List<Integer> allOverlapping(SeriesState series, long stamp, long begin, long end, BitSet reversed) {
        List<Integer> found = new ArrayList<>();
        if (series.markStamp != stamp) {
            return found;
        }
        int first = starts[series.mark];
        for (int at = firstAtOrAfter(series.mark, end) - 1; at >= first; at--) {
            int row = rows[at];
            if (reversed != null && reversed.get(row)) {
                continue;
            }
            if (batch.end(row) <= begin) {
                break;
            }
            found.add(row);
        }
        return found;
    }

    /** Index behind the last row of a series that begins before {@code end}. */
    private int firstAtOrAfter(int series, long end) {
        int low = starts[series];
        int high = starts[series + 1];
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (batch.begin(rows[middle]) < end) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    // ---- order ---------------------------------------------------------------------------------------------------

    /** What the key of a series is made of. */
    private record Name(
            String realm, String tenant, String datacenter, String resource, String meter, String identity) {}

    private void order() {
        Map<Name, Integer> series = new HashMap<>();
        int[] seriesOf = new int[batch.keyCount()];
        UsageKey[] found = new UsageKey[seriesOf.length];
        for (int i = 0; i < seriesOf.length; i++) {
            UsageKey key = batch.keyAt(i);
            Name name = new Name(
                    key.realm(),
                    key.tenant(),
                    key.datacenter(),
                    key.resource(),
                    key.meter().name(),
                    key.identity());
            Integer known = series.putIfAbsent(name, series.size());
            seriesOf[i] = known != null ? known : series.size() - 1;
            found[seriesOf[i]] = key;
        }
        int[] ends = new int[series.size() + 1];
        for (int row = 0; row < batch.size(); row++) {
            if (isAccepted(row)) {
                firstBegin = Math.min(firstBegin, batch.begin(row));
                lastEnd = Math.max(lastEnd, batch.end(row));
                ends[seriesOf[batch.keyIndex(row)] + 1]++;
            }
        }
        for (int i = 1; i < ends.length; i++) {
            ends[i] += ends[i - 1];
        }
        int[] at = ends.clone();
        int[] ordered = new int[ends[ends.length - 1]];
        for (int row = 0; row < batch.size(); row++) {
            if (isAccepted(row)) {
                ordered[at[seriesOf[batch.keyIndex(row)]]++] = row;
            }
        }
        for (int i = 0; i + 1 < ends.length; i++) {
            sort(ordered, ends[i], ends[i + 1]);
        }
        keys = Arrays.copyOf(found, series.size());
        starts = ends;
        rows = ordered;
    }

    /** Sorts a stretch by begin; it nearly always is in order already. */
    private void sort(int[] ordered, int from, int to) {
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        boolean inOrder = true;
        for (int i = from; i < to; i++) {
            long begin = batch.begin(ordered[i]);
            inOrder &= begin >= most;
            least = Math.min(least, begin);
            most = Math.max(most, begin);
        }
        if (inOrder) {
            return;
        }
        if (most - least < 1L << (62 - ROW_BITS) && batch.size() <= 1 << ROW_BITS) {
            long[] packed = new long[to - from];
            for (int i = from; i < to; i++) {
                packed[i - from] = (batch.begin(ordered[i]) - least) << ROW_BITS | ordered[i];
            }
            Arrays.sort(packed);
            for (int i = from; i < to; i++) {
                ordered[i] = (int) packed[i - from] & (1 << ROW_BITS) - 1;
            }
            return;
        }
        Integer[] boxed = Arrays.stream(ordered, from, to).boxed().toArray(Integer[]::new);
        Arrays.sort(boxed, (a, b) -> Long.compare(batch.begin(a), batch.begin(b)));
        for (int i = from; i < to; i++) {
            ordered[i] = boxed[i - from];
        }
    }
}
