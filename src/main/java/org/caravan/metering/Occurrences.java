package org.caravan.metering;

/** Counts how often a number came, for up to some millions of numbers in flat memory. */
final class Occurrences {
    /** Rows of one file whose id is counted, at most: 12 bytes each. */
    static final int MAX = 8_000_000;

    private long[] keys = new long[1 << 10];
    private int[] counts = new int[1 << 10];
    private int size;

    /**
     * Counts one more of this number.
     *
     * @return how often it came by now; 0 if there are too many numbers
     */
    int add(long number) {
        // no hash is 0
        long key = number == 0 ? 1 : number;
        int at = find(key);
        if (keys[at] == 0) {
            if (size == MAX) {
                return 0;
            }
            if (++size * 2 > keys.length) {
                grow();
                at = find(key);
            }
            keys[at] = key;
        }
        return ++counts[at];
    }

    private int find(long key) {
        int mask = keys.length - 1;
        int at = (int) (key ^ key >>> 32) & mask;
        while (keys[at] != 0 && keys[at] != key) {
            at = at + 1 & mask;
        }
        return at;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldCounts = counts;
        keys = new long[2 * oldKeys.length];
        counts = new int[2 * oldKeys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int at = find(oldKeys[i]);
                keys[at] = oldKeys[i];
                counts[at] = oldCounts[i];
            }
        }
    }
}
