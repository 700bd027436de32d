package org.caravan.ledger;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Writes rows in PostgreSQL's binary COPY format: the fastest way in, and the only one that keeps a decimal exact without
 * a text in between. Few rows are built first and {@link #send sent} in one go; many are sent {@link #straight} while they
 * are built, so that the server takes the first ones in meanwhile, and no buffer holds them all.
 */
final class CopyWriter implements AutoCloseable {
    private static final byte[] SIGNATURE = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };
    private static final int CHUNK_BYTES = 1 << 16;
    /** Microseconds from 1970 to 2000, where PostgreSQL counts from. */
    private static final long EPOCH_MICROS = 946_684_800_000_000L;
    /** Days from 1970 to 2000. */
    private static final int EPOCH_DAYS = 10_957;

    // network order, as PostgreSQL wants it
    private static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final BigInteger GROUP = BigInteger.valueOf(10_000);

    private byte[] buffer;
    private int length;
    private int rows;
    private final short[] groups = new short[16];

    /** Where rows go while they are built, and the command that takes them; null where they are built first. */
    private CopyIn in;

    private String command;

    CopyWriter(int expectedRows, int bytesPerRow) {
        buffer = new byte[Math.max(1024, Math.multiplyExact(expectedRows + 1, bytesPerRow))];
        System.arraycopy(SIGNATURE, 0, buffer, 0, SIGNATURE.length);
        length = SIGNATURE.length;
    }

    /**
     * A writer that sends rows as they are built, within the caller's transaction. It must be closed; without {@link #end}
     * the COPY is cancelled then and the transaction is dead.
     */
    static CopyWriter straight(Connection connection, String copy) throws SQLException {
        CopyWriter out = new CopyWriter(1, CHUNK_BYTES);
        out.command = copy;
        out.in = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(copy);
        return out;
    }

    void startRow(int columns) throws SQLException {
        if (in != null && length >= CHUNK_BYTES) {
            flush();
        }
        rows++;
        putShort(columns);
    }

    void int2(int value) {
        ensure(6);
        INTS.set(buffer, length, 2);
        SHORTS.set(buffer, length + 4, (short) value);
        length += 6;
    }

    void int4(int value) {
        ensure(8);
        LONGS.set(buffer, length, 4L << 32 | value & 0xffffffffL);
        length += 8;
    }

    void int8(long value) {
        putInt(8);
        putLong(value);
    }

    void bool(boolean value) {
        putInt(1);
        ensure(1);
        buffer[length++] = (byte) (value ? 1 : 0);
    }

    /** @param epochDay days since 1970 */
    void date(int epochDay) {
        int4(epochDay - EPOCH_DAYS);
    }

    /** @param micros microseconds since 1970, UTC */
    void timestamptz(long micros) {
        int8(micros - EPOCH_MICROS);
    }

    void text(String value) {
        if (value == null) {
            putInt(-1);
            return;
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        putInt(bytes.length);
        ensure(bytes.length);
        System.arraycopy(bytes, 0, buffer, length, bytes.length);
        length += bytes.length;
    }

    /** A decimal as scaled long, or {@code exact} where it does not fit one. */
    void numeric(long unscaled, int scale, BigDecimal exact) {
        if (exact != null) {
            numeric(exact);
            return;
        }
        int pad = -scale & 3;
        long magnitude = Math.abs(unscaled);
        int factor = pad == 0 ? 1 : pad == 1 ? 10 : pad == 2 ? 100 : 1000;
        // the product must not overflow; Math.abs(MIN_VALUE) stays negative and takes the slow way too
        if (magnitude < 0 || magnitude > Long.MAX_VALUE / factor) {
            numeric(BigDecimal.valueOf(unscaled, scale));
            return;
        }
        magnitude *= factor;
        int count = 0;
        while (magnitude != 0) {
            groups[count++] = (short) (magnitude % 10_000);
            magnitude /= 10_000;
        }
        writeNumeric(groups, count, (scale + pad) >> 2, unscaled < 0, scale);
    }

    private void numeric(BigDecimal value) {
        BigDecimal plain = value.scale() < 0 ? value.setScale(0) : value;
        int scale = plain.scale();
        int pad = -scale & 3;
        BigInteger magnitude = plain.unscaledValue().abs().multiply(BigInteger.TEN.pow(pad));
        short[] digits = new short[magnitude.bitLength() / 13 + 1];
        int count = 0;
        while (magnitude.signum() != 0) {
            BigInteger[] parts = magnitude.divideAndRemainder(GROUP);
            digits[count++] = parts[1].shortValue();
            magnitude = parts[0];
        }
        writeNumeric(digits, count, (scale + pad) >> 2, plain.signum() < 0, scale);
    }

    /** @param groups base-10000 digits, least significant first; the lowest {@code fraction} of them stand after the point */
    private void writeNumeric(short[] groups, int count, int fraction, boolean negative, int displayScale) {
        int low = 0;
        while (low < count && groups[low] == 0) {
            low++;
        }
        int digits = count - low;
        putInt(8 + 2 * digits);
        putShort(digits);
        putShort(digits == 0 ? 0 : count - fraction - 1);
        putShort(negative && digits > 0 ? 0x4000 : 0);
        putShort(displayScale);
        for (int i = count - 1; i >= low; i--) {
            putShort(groups[i]);
        }
    }

    int rows() {
        return rows;
    }

    /** Sends the rows within the caller's transaction; on failure the COPY is cancelled and the transaction is dead. */
    void send(Connection connection, String copy) throws SQLException {
        command = copy;
        in = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(copy);
        try {
            end();
        } finally {
            close();
        }
    }

    /** Ends the COPY: what was built is in the caller's transaction now. */
    void end() throws SQLException {
        putShort(-1);
        flush();
        long copied = in.endCopy();
        if (copied != rows) {
            throw new SQLException("COPY took " + copied + " of " + rows + " rows: " + command);
        }
    }

    private void flush() throws SQLException {
        for (int at = 0; at < length; at += CHUNK_BYTES) {
            in.writeToCopy(buffer, at, Math.min(CHUNK_BYTES, length - at));
        }
        length = 0;
    }

    @Override
    public void close() throws SQLException {
        if (in != null && in.isActive()) {
            in.cancelCopy();
        }
    }

    private void putShort(int value) {
        ensure(2);
        SHORTS.set(buffer, length, (short) value);
        length += 2;
    }

    private void putInt(int value) {
        ensure(4);
        INTS.set(buffer, length, value);
        length += 4;
    }

    private void putLong(long value) {
        ensure(8);
        LONGS.set(buffer, length, value);
        length += 8;
    }

    private void ensure(int more) {
        if (length + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(length + more, Math.addExact(buffer.length, buffer.length >> 1)));
        }
    }
}
