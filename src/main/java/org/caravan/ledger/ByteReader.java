package org.caravan.ledger;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what {@link ByteBuilder} wrote; a damaged input ends in an exception, never in a wrong value past its end. */
final class ByteReader {
    final byte[] bytes;
    int at;

    ByteReader(byte[] bytes) {
        this.bytes = bytes;
    }

    long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = bytes[at++];
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalStateException("archive: a number is too long");
    }

    int count() {
        long value = varint();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new IllegalStateException("archive: impossible count " + value);
        }
        return (int) value;
    }

    long signed() {
        long value = varint();
        return value >>> 1 ^ -(value & 1);
    }

    String text() {
        int count = count();
        String value = new String(bytes, at, count, StandardCharsets.UTF_8);
        at += count;
        return value;
    }

    BigDecimal decimal() {
        int scale = Math.toIntExact(signed());
        int count = count();
        BigInteger unscaled = new BigInteger(Arrays.copyOfRange(bytes, at, at + count));
        at += count;
        return new BigDecimal(unscaled, scale);
    }
}
