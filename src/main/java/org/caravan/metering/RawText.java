package org.caravan.metering;

import java.util.Arrays;

/**
 * The text of one record as a source gave it, a line or a message: it lies in {@link #bytes} from {@link #from} to {@link
 * #to}, with {@link Swar#PADDING} readable bytes behind it. Reused from record to record.
 */
abstract class RawText {
    byte[] bytes;
    int from;
    int to;

    /** True if the text was longer than allowed; only its beginning is here. */
    boolean tooLong;

    /** True if the text holds a control character, DEL or a byte beyond ASCII. */
    boolean unusual;

    /** What such a text is called: {@code line}, {@code message}. */
    abstract String what();

    final int length() {
        return to - from;
    }

    /** A copy of the text's first bytes. */
    final byte[] copy(int most) {
        return Arrays.copyOfRange(bytes, from, Math.min(to, from + most));
    }
}
