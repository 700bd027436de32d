package org.caravan.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A series and the time that is billed of it: sorted, disjoint runs in which neighbours are merged. Also serves as its
 * own key in {@link BucketMemory} (equality of the ids), so that a million series cost one object each.
 *
 * <p>Touched only by the thread that commits, under the lock of the series' bucket.
 */
final class SeriesState {
    private static final long[] NONE = new long[0];
    private static final long NEVER = Long.MIN_VALUE;

    final BucketMemory memory;
    final int tenant;
    final int datacenter;
    final int meter;
    final int resource;
    final int identity;

    // the newest run stands apart: usage comes in time order, and then nothing else is looked at
    private long lastBegin = NEVER;
    private long lastEnd = NEVER;
    private long[] older = NONE;
    private int olderLength;

    /** Hash of the metadata that was last told of this resource; 0 = none. */
    long toldMetadata;

    // Scratch of the running commit; a stamp says whose.
    long entryStamp;
    int entry;
    long markStamp;
    int mark;
    long orderStamp;
    int order;

    SeriesState(BucketMemory memory, int tenant, int datacenter, int meter, int resource, int identity) {
        this.memory = memory;
        this.tenant = tenant;
        this.datacenter = datacenter;
        this.meter = meter;
        this.resource = resource;
        this.identity = identity;
    }

    /**
     * Bills the time [begin, end) if no moment of it is billed yet.
     *
     * @return false, with nothing changed, if any moment of it is billed
     */
    boolean take(long begin, long end) {
        if (begin == lastEnd) {
            lastEnd = end;
            return true;
        }
        if (begin > lastEnd) {
            if (lastEnd != NEVER) {
                insertOlder(olderLength, lastBegin, lastEnd);
            }
            lastBegin = begin;
            lastEnd = end;
            return true;
        }
        return takeEarlier(begin, end);
    }

    private boolean takeEarlier(long begin, long end) {
        if (end > lastBegin) {
            return false;
        }
        // index of the first older run that begins at or after our end; the run before it begins before our end
        int at = firstBeginningAtOrAfter(end);
        boolean mergeLeft = false;
        if (at > 0) {
            long leftEnd = older[2 * at - 1];
            if (leftEnd > begin) {
                return false;
            }
            mergeLeft = leftEnd == begin;
        }
        boolean mergeRight = at < olderLength ? older[2 * at] == end : lastBegin == end;
        if (at == olderLength) {
            if (mergeRight) {
                lastBegin = mergeLeft ? older[2 * at - 2] : begin;
                if (mergeLeft) {
                    removeOlder(at - 1);
                }
            } else if (mergeLeft) {
                older[2 * at - 1] = end;
            } else {
                insertOlder(at, begin, end);
            }
        } else if (mergeLeft && mergeRight) {
            older[2 * at - 1] = older[2 * at + 1];
            removeOlder(at);
        } else if (mergeLeft) {
            older[2 * at - 1] = end;
        } else if (mergeRight) {
            older[2 * at] = begin;
        } else {
            insertOlder(at, begin, end);
        }
        return true;
    }

    private int firstBeginningAtOrAfter(long end) {
        int low = 0;
        int high = olderLength;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (older[2 * middle] < end) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void insertOlder(int at, long begin, long end) {
        if (2 * olderLength == older.length) {
            older = Arrays.copyOf(older, Math.max(4, older.length * 2));
        }
        System.arraycopy(older, 2 * at, older, 2 * at + 2, 2 * (olderLength - at));
        older[2 * at] = begin;
        older[2 * at + 1] = end;
        olderLength++;
    }

    private void removeOlder(int at) {
        System.arraycopy(older, 2 * at + 2, older, 2 * at, 2 * (olderLength - at - 1));
        olderLength--;
    }

    /**
     * Adds changes to the billed time: what is billed +1, what is reversed -1, in any order. A time that is reversed as
     * often as it is billed is free.
     *
     * @param changes begin, end and +1 or -1 of each
     * @return false if some moment would be billed twice, or reversed without having been billed
     */
    boolean apply(List<long[]> changes) {
        long[] bounds = runBounds();
        List<long[]> steps = new ArrayList<>();
        for (int i = 0; i < bounds.length; i += 2) {
            steps.add(new long[] {bounds[i], 1});
            steps.add(new long[] {bounds[i + 1], -1});
        }
        for (long[] change : changes) {
            steps.add(new long[] {change[0], change[2]});
            steps.add(new long[] {change[1], -change[2]});
        }
        steps.sort((a, b) -> Long.compare(a[0], b[0]));
        clear();
        boolean sound = true;
        long depth = 0;
        long begin = NEVER;
        for (int i = 0; i < steps.size(); i++) {
            long at = steps.get(i)[0];
            depth += steps.get(i)[1];
            if (i + 1 < steps.size() && steps.get(i + 1)[0] == at) {
                continue;
            }
            sound &= depth == 0 || depth == 1;
            if (depth > 0 && begin == NEVER) {
                begin = at;
            } else if (depth <= 0 && begin != NEVER) {
                take(begin, at);
                begin = NEVER;
            }
        }
        return sound;
    }

    /** Frees the time [begin, end), all of which must be billed; false if it was not. */
    boolean release(long begin, long end) {
        return apply(List.of(new long[] {begin, end, -1}));
    }

    /** How much of [begin, end) is billed, in microseconds. */
    long billedWithin(long begin, long end) {
        long[] bounds = runBounds();
        long billed = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            billed += Math.max(0, Math.min(end, bounds[i + 1]) - Math.max(begin, bounds[i]));
        }
        return billed;
    }

    private void clear() {
        lastBegin = NEVER;
        lastEnd = NEVER;
        older = NONE;
        olderLength = 0;
    }

    /** Number of disjoint runs. */
    int runs() {
        return olderLength + (lastEnd == NEVER ? 0 : 1);
    }

    /** The runs as begin, end, begin, end … in order; for tests and audits. */
    long[] runBounds() {
        long[] bounds = Arrays.copyOf(older, 2 * runs());
        if (lastEnd != NEVER) {
            bounds[2 * olderLength] = lastBegin;
            bounds[2 * olderLength + 1] = lastEnd;
        }
        return bounds;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof SeriesState s
                && tenant == s.tenant
                && resource == s.resource
                && meter == s.meter
                && datacenter == s.datacenter
                && identity == s.identity;
    }

    @Override
    public int hashCode() {
        int hash = tenant;
        hash = hash * 0x9E3779B1 + resource;
        hash = hash * 0x9E3779B1 + meter;
        hash = hash * 0x9E3779B1 + datacenter;
        hash = hash * 0x9E3779B1 + identity;
        return hash ^ hash >>> 15;
    }
}
