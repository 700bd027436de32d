package org.caravan.metering;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Takes off what may wrap a text: gzip, known by its first bytes whatever the name, and a byte order mark. */
final class PlainText {
    private static final int BUFFER_BYTES = 1 << 16;

    private PlainText() {}

    /**
     * The stream as plain text.
     *
     * @throws IOException if it can't be read, is no whole gzip, or is UTF-16
     */
    static InputStream of(InputStream in) throws IOException {
        BufferedInputStream raw = new BufferedInputStream(in, BUFFER_BYTES);
        boolean packed = startsWith(raw, 0x1f, 0x8b);
        BufferedInputStream text = packed ? new BufferedInputStream(new Gunzip(raw), BUFFER_BYTES) : raw;
        if (startsWith(text, 0xff, 0xfe) || startsWith(text, 0xfe, 0xff)) {
            throw new IOException("it is UTF-16 text; save it as UTF-8");
        }
        if (startsWith(text, 0xef, 0xbb, 0xbf)) {
            text.skipNBytes(3);
        }
        return text;
    }

    private static boolean startsWith(BufferedInputStream in, int... bytes) throws IOException {
        in.mark(bytes.length);
        boolean same = true;
        for (int expected : bytes) {
            same = same && in.read() == expected;
        }
        in.reset();
        return same;
    }
}
