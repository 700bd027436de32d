package org.caravan.metering;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * Cuts a stream into lines within one fixed buffer. A line ends with LF or CRLF; the last one may end with the stream.
 *
 * <p>After {@link #next()} the line lies in {@link #bytes} from {@link #from} to {@link #to}, its end mark left out, with
 * {@link Swar#PADDING} readable bytes behind it, until the next call.
 */
final class LineBuffer extends RawText implements Closeable {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final long LF = Swar.repeat('\n');
    private static final long BLANKS = Swar.repeat(' ');

    /** Number of the current line, from 1. */
    long line;

    private final InputStream in;
    private final int maxLineBytes;
    private int next;
    private int limit;
    private boolean ended;

    LineBuffer(InputStream in, int maxLineBytes) {
        this.in = in;
        this.maxLineBytes = maxLineBytes;
        this.bytes = new byte[Math.max(BUFFER_BYTES, 2 * maxLineBytes + 8192) + Swar.PADDING];
    }

    /** Moves to the next line; false at the end. */
    boolean next() throws IOException {
        if (next == limit && !fill()) {
            return false;
        }
        line++;
        tooLong = false;
        unusual = false;
        int end = lineEnd(next);
        while (end == limit) {
            // One more: it may be the CR of the line's end.
            if (limit - next > maxLineBytes + 1) {
                skipLong();
                return true;
            }
            int scanned = limit - next;
            end = fill() ? lineEnd(next + scanned) : limit;
            if (ended) {
                break;
            }
        }
        from = next;
        to = end;
        next = Math.min(limit, end + 1);
        if (to > from && bytes[to - 1] == '\r') {
            to--;
            unusual = unusual && isUnusual(from, to);
        }
        tooLong = to - from > maxLineBytes;
        return true;
    }

    /** True if no further line follows; may wait for the stream. */
    boolean atEnd() throws IOException {
        return next == limit && !fill();
    }

    /** Index of the first LF at or behind {@code at}, or {@link #limit} if there is none yet. */
    private int lineEnd(int at) {
        bytes[limit] = '\n';
        long odd = 0;
        int i = at;
        while (true) {
            long word = Swar.word(bytes, i);
            long match = Swar.matches(word, LF);
            if (match != 0) {
                int before = Swar.first(match);
                long mask = Swar.below(before);
                odd |= Swar.unusual((word & mask) | (BLANKS & ~mask));
                unusual |= odd != 0;
                return i + before;
            }
            odd |= Swar.unusual(word);
            i += 8;
        }
    }

    private boolean isUnusual(int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] < ' ' || bytes[i] == 0x7f) {
                return true;
            }
        }
        return false;
    }

    /** Moves the rest to the front and reads on; false if nothing came. */
    private boolean fill() throws IOException {
        if (ended) {
            return false;
        }
        if (next > 0) {
            System.arraycopy(bytes, next, bytes, 0, limit - next);
            limit -= next;
            next = 0;
        }
        return read();
    }

    private boolean read() throws IOException {
        int count = in.read(bytes, limit, bytes.length - Swar.PADDING - limit);
        if (count < 0) {
            ended = true;
            return false;
        }
        limit += count;
        return true;
    }

    /** Keeps the beginning of a line that is too long and reads past its end. */
    private void skipLong() throws IOException {
        System.arraycopy(bytes, next, bytes, 0, maxLineBytes);
        while (true) {
            next = maxLineBytes;
            limit = maxLineBytes;
            if (!read()) {
                break;
            }
            int end = lineEnd(next);
            if (end < limit) {
                next = end + 1;
                break;
            }
        }
        from = 0;
        to = maxLineBytes;
        tooLong = true;
    }

    @Override
    String what() {
        return "line";
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
