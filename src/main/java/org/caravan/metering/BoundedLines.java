package org.caravan.metering;

import java.io.IOException;
import java.io.InputStream;

/** The lines of a UTF-8 text, also of a packed one, in flat memory. For one thread. */
public final class BoundedLines {
    private final LineBuffer lines;

    private BoundedLines(LineBuffer lines) {
        this.lines = lines;
    }

    /**
     * @param in plain or gzip, known by its first bytes; closed by the caller
     * @param maxLineBytes of a longer line only the beginning is kept
     */
    public static BoundedLines of(InputStream in, int maxLineBytes) throws IOException {
        return new BoundedLines(new LineBuffer(PlainText.of(in), maxLineBytes));
    }

    /** Moves to the next line; false at the end. */
    public boolean next() throws IOException {
        return lines.next();
    }

    /** The line, without its end mark. */
    public byte[] text() {
        return lines.copy(lines.length());
    }

    /** True if only its beginning is here. */
    public boolean isTooLong() {
        return lines.tooLong;
    }

    /** Number of the current line, from 1; 0 before the first. */
    public long number() {
        return lines.line;
    }

    /** True if no further line follows; may wait for the stream. */
    public boolean atEnd() throws IOException {
        return lines.atEnd();
    }
}
