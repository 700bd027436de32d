package org.caravan.ledger;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing byte array with the variable-length numbers that the archive is made of. */
final class ByteBuilder {
    byte[] bytes;
    int length;

    ByteBuilder(int capacity) {
        bytes = new byte[capacity];
    }

    /** Unsigned LEB128: small numbers take one byte. */
    void varint(long value) {
        if (length + 10 > bytes.length) {
            ensure(10);
        }
        while ((value & ~0x7fL) != 0) {
            bytes[length++] = (byte) (value | 0x80);
            value >>>= 7;
        }
        bytes[length++] = (byte) value;
    }

    /** A signed number: small magnitudes of either sign take one byte. */
    void signed(long value) {
        varint(value << 1 ^ value >> 63);
    }

    void raw(byte[] source, int offset, int count) {
        ensure(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
    }

    void text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        varint(utf8.length);
        raw(utf8, 0, utf8.length);
    }

    void decimal(BigDecimal value) {
        byte[] unscaled = value.unscaledValue().toByteArray();
        signed(value.scale());
        varint(unscaled.length);
        raw(unscaled, 0, unscaled.length);
    }

    void ensure(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, Math.addExact(bytes.length, bytes.length >> 1)));
        }
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }
}
