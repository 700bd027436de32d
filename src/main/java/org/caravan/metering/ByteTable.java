package org.caravan.metering;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What was made of a text, found again by the text's bytes without decoding them: open addressing, bounded by count and
 * by estimated bytes, emptied when full.
 *
 * <p>A text is one or more runs of a byte array. Runs are kept with an LF between them, which no run may contain where
 * there are several: so equal means equal run by run.
 */
final class ByteTable<T> {
    private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

    /** Most lookups without a guess after wrong ones: a source without order pays for few. */
    private static final int LONGEST_PAUSE = 63;

    private final int maxEntries;
    private final long maxBytes;
    // Random, so that no one can choose texts that collide.
    private final long seed = ThreadLocalRandom.current().nextLong();
    private int[] hashes;
    private Entry<T>[] entries;
    private int count;
    private long held;
    private int lastHash;

    /** The entry that was asked for last, or null. */
    private Entry<T> last;

    private int pause;
    private int nextPause;

    private static final class Entry<T> {
        final byte[] text;
        final T value;

        /** What was asked for after this one, the last time, or null. */
        Entry<T> next;

        Entry(byte[] text, T value) {
            this.text = text;
            this.value = value;
        }
    }

    ByteTable(int maxEntries, long maxBytes) {
        this.maxEntries = maxEntries;
        this.maxBytes = maxBytes;
        clear();
    }

    /** What is kept of the text, or null. */
    T get(byte[] bytes, int[] from, int[] to, int runs) {
        if (pause > 0) {
            pause--;
        } else if (last != null && last.next != null) {
            Entry<T> guess = last.next;
            if (isText(guess.text, bytes, from, to, runs)) {
                last = guess;
                nextPause = 0;
                return guess.value;
            }
            pause = nextPause;
            nextPause = Math.min(LONGEST_PAUSE, 2 * nextPause + 1);
        }
        return find(bytes, from, to, runs);
    }

    private T find(byte[] bytes, int[] from, int[] to, int runs) {
        int hash = hash(bytes, from, to, runs);
        lastHash = hash;
        int mask = hashes.length - 1;
        for (int slot = hash & mask; ; slot = (slot + 1) & mask) {
            int there = hashes[slot];
            if (there == hash && isText(entries[slot].text, bytes, from, to, runs)) {
                follow(entries[slot]);
                return entries[slot].value;
            }
            if (there == 0) {
                return null;
            }
        }
    }

    /**
     * Keeps the value of the text that {@link #get} was last asked for and did not find.
     *
     * @param weight estimated heap of the value
     */
    void put(byte[] bytes, int[] from, int[] to, int runs, T value, long weight) {
        byte[] text = text(bytes, from, to, runs);
        long size = weight + text.length + 56;
        if (count >= maxEntries || held + size > maxBytes) {
            clear();
        }
        if (2 * count >= hashes.length) {
            grow();
        }
        Entry<T> entry = new Entry<>(text, value);
        insert(lastHash, entry);
        follow(entry);
        count++;
        held += size;
    }

    int size() {
        return count;
    }

    private void follow(Entry<T> entry) {
        if (last != null) {
            last.next = entry;
        }
        last = entry;
    }

    private void insert(int hash, Entry<T> entry) {
        int mask = hashes.length - 1;
        int slot = hash & mask;
        while (hashes[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        hashes[slot] = hash;
        entries[slot] = entry;
    }

    private void grow() {
        int[] oldHashes = hashes;
        Entry<T>[] oldEntries = entries;
        allocate(2 * oldHashes.length);
        for (int i = 0; i < oldHashes.length; i++) {
            if (oldHashes[i] != 0) {
                insert(oldHashes[i], oldEntries[i]);
            }
        }
    }

    private void clear() {
        allocate(1024);
        count = 0;
        held = 0;
        last = null;
    }

    @SuppressWarnings("unchecked")
    private void allocate(int slots) {
        hashes = new int[slots];
        entries = (Entry<T>[]) new Entry<?>[slots];
    }

    /** Never 0, which marks an empty slot. */
    private int hash(byte[] bytes, int[] from, int[] to, int runs) {
        long hash = seed;
        for (int run = 0; run < runs; run++) {
            int i = from[run];
            int end = to[run];
            for (; i + 8 <= end; i += 8) {
                hash = mix(hash ^ Swar.word(bytes, i));
            }
            int rest = end - i;
            hash = mix(hash ^ (Swar.word(bytes, i) & Swar.below(rest)) ^ ((long) (rest + 1) << 56));
        }
        return (int) (hash ^ hash >>> 32) | 1 << 31;
    }

    private static long mix(long value) {
        return value * MULTIPLIER ^ Math.multiplyHigh(value, MULTIPLIER);
    }

    private static boolean isText(byte[] text, byte[] bytes, int[] from, int[] to, int runs) {
        int at = 0;
        for (int run = 0; run < runs; run++) {
            if (run > 0 && (at >= text.length || text[at++] != '\n')) {
                return false;
            }
            int length = to[run] - from[run];
            if (at + length > text.length || !Arrays.equals(text, at, at + length, bytes, from[run], to[run])) {
                return false;
            }
            at += length;
        }
        return at == text.length;
    }

    private static byte[] text(byte[] bytes, int[] from, int[] to, int runs) {
        int length = runs - 1;
        for (int run = 0; run < runs; run++) {
            length += to[run] - from[run];
        }
        byte[] text = new byte[length];
        int at = 0;
        for (int run = 0; run < runs; run++) {
            if (run > 0) {
                text[at++] = '\n';
            }
            System.arraycopy(bytes, from[run], text, at, to[run] - from[run]);
            at += to[run] - from[run];
        }
        return text;
    }
}
