package org.caravan.metering;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks gzip (RFC 1952), also several members in a row. Unlike the JDK's own stream it never takes the end of what
 * happens to be available, or garbage behind a member, for the end of the data: either would lose usage silently.
 */
final class Gunzip extends InputStream {
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int HEADER_CRC = 2;

    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] packed = new byte[1 << 16];
    private int at;
    private int limit;
    private boolean inMember;
    private boolean ended;

    Gunzip(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        try {
            while (!ended) {
                if (!inMember) {
                    startMember();
                    continue;
                }
                int count = inflater.inflate(into, offset, length);
                if (count > 0) {
                    crc.update(into, offset, count);
                    return count;
                }
                if (inflater.finished()) {
                    endMember();
                } else if (inflater.needsInput()) {
                    if (at == limit && !fill()) {
                        throw new EOFException("the gzip data ends too early; the file is not whole");
                    }
                    inflater.setInput(packed, at, limit - at);
                    at = limit;
                } else {
                    throw new IOException("the gzip data needs a dictionary");
                }
            }
            return -1;
        } catch (DataFormatException e) {
            throw new IOException("the gzip data is broken (" + e.getMessage() + ")", e);
        }
    }

    private void startMember() throws IOException {
        if (at == limit && !fill()) {
            ended = true;
            return;
        }
        if (next() != 0x1f || next() != 0x8b || next() != 8) {
            throw new IOException("what follows the gzip data is no gzip");
        }
        int flags = next();
        skip(6);
        if ((flags & EXTRA) != 0) {
            skip(next() | next() << 8);
        }
        for (int text = flags & (NAME | COMMENT); text != 0; text &= text - 1) {
            while (next() != 0) {
                continue;
            }
        }
        skip((flags & HEADER_CRC) != 0 ? 2 : 0);
        inflater.reset();
        crc.reset();
        inMember = true;
    }

    private void endMember() throws IOException {
        at = limit - inflater.getRemaining();
        if (number() != crc.getValue() || number() != (inflater.getBytesWritten() & 0xffffffffL)) {
            throw new IOException("the gzip data is broken (checksum)");
        }
        inMember = false;
    }

    private long number() throws IOException {
        return next() | next() << 8 | next() << 16 | (long) next() << 24;
    }

    private void skip(int bytes) throws IOException {
        for (int i = 0; i < bytes; i++) {
            next();
        }
    }

    private int next() throws IOException {
        if (at == limit && !fill()) {
            throw new EOFException("the gzip data ends too early; the file is not whole");
        }
        return packed[at++] & 0xff;
    }

    private boolean fill() throws IOException {
        at = 0;
        limit = Math.max(0, in.read(packed, 0, packed.length));
        return limit > 0;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
