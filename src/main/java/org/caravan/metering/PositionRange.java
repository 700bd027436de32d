package org.caravan.metering;

import java.util.Objects;

/**
 * The stretch of a source that a batch covers: positions in [from, to).
 *
 * @param source name of the configured source
 * @param key what is read: a file's size and digest, a topic's partition
 * @param from position of the first record (a line number, an offset)
 * @param to position after the last record
 * @param last true if nothing follows: the end of a file
 */
public record PositionRange(String source, String key, long from, long to, boolean last) {
    public PositionRange {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(key, "key");
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("position range [" + from + ", " + to + ")");
        }
    }
}
