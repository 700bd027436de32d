package org.caravan.api.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * A body that is made part by part, each when the one before has been sent: what is answered may be long, what is kept is not.
 * Between two parts nothing is held open, so a caller who goes away leaves nothing behind.
 */
public final class StreamedBody extends InputStream {
    private final Parts parts;
    private byte[] part;
    private int place;

    /** What comes next. */
    public interface Parts {
        /** @return null at the end; an empty part is none, and the next one is asked for */
        byte[] next() throws Exception;
    }

    /** @param first made already, so that what is wrong is answered before anything is sent */
    public StreamedBody(byte[] first, Parts parts) {
        this.part = first;
        this.parts = parts;
    }

    @Override
    public int read() throws IOException {
        return fill() ? part[place++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, part.length - place);
        System.arraycopy(part, place, into, offset, count);
        place += count;
        return count;
    }

    /** False at the end. */
    private boolean fill() throws IOException {
        while (part != null && place == part.length) {
            try {
                part = parts.next();
            } catch (Exception e) {
                // what was sent must not pass for the whole: the server cuts the connection
                throw new IOException("the rest of an answer can't be made: " + e.getMessage(), e);
            }
            place = 0;
        }
        return part != null;
    }
}
