package org.caravan.metering;

import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Bodies that come packed. */
public final class Packed {
    private Packed() {}

    /**
     * Unpacks gzip, no further than it may grow.
     *
     * @param most bytes of what it may hold
     * @return null if it holds more
     * @throws IOException if it is no gzip, or not whole
     */
    public static byte[] gunzip(byte[] packed, int most) throws IOException {
        try (Gunzip in = new Gunzip(new ByteArrayInputStream(packed))) {
            byte[] unpacked = in.readNBytes(most);
            return in.read() < 0 ? unpacked : null;
        }
    }
}
