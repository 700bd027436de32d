package org.caravan.ledger;

import java.math.BigDecimal;
import java.util.Arrays;

/**
 * A column of exact decimals that are summed up in place: scaled longs as long as they fit, BigDecimal from the first
 * that does not.
 */
final class ExactColumn {
    private static final long[] POWERS = new long[19];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    private long[] values;
    private byte[] scales;
    private BigDecimal[] big;

    ExactColumn(int capacity) {
        values = new long[capacity];
        scales = new byte[capacity];
    }

    void ensure(int capacity) {
        if (capacity > values.length) {
            int room = Math.max(capacity, values.length * 2);
            values = Arrays.copyOf(values, room);
            scales = Arrays.copyOf(scales, room);
            big = big == null ? null : Arrays.copyOf(big, room);
        }
    }

    /** Starts the sum at {@code index}; {@code exact} stands for the value where it does not fit a long. */
    void set(int index, long value, int scale, BigDecimal exact) {
        if (exact != null) {
            values[index] = 0;
            scales[index] = 0;
            setBig(index, exact);
            return;
        }
        values[index] = value;
        scales[index] = (byte) scale;
        if (big != null) {
            big[index] = null;
        }
    }

    /** Adds to the sum at {@code index}. */
    void add(int index, long value, int scale, BigDecimal exact) {
        if (exact == null && (big == null || big[index] == null)) {
            if (scale == scales[index]) {
                long sum = values[index] + value;
                // overflow: both summands have another sign than the sum
                if (((values[index] ^ sum) & (value ^ sum)) >= 0) {
                    values[index] = sum;
                    return;
                }
            } else if (addRescaled(index, value, scale)) {
                return;
            }
        }
        BigDecimal sum = get(index).add(exact != null ? exact : BigDecimal.valueOf(value, scale));
        values[index] = 0;
        scales[index] = 0;
        setBig(index, sum);
    }

    /** Turns the sign of the sum at {@code index}. */
    void negate(int index) {
        if (big != null && big[index] != null || values[index] == Long.MIN_VALUE) {
            BigDecimal negative = get(index).negate();
            values[index] = 0;
            scales[index] = 0;
            setBig(index, negative);
        } else {
            values[index] = -values[index];
        }
    }

    private boolean addRescaled(int index, long value, int scale) {
        int up = scale - scales[index];
        if (Math.abs(up) >= POWERS.length) {
            return false;
        }
        try {
            if (up > 0) {
                values[index] = Math.addExact(Math.multiplyExact(values[index], POWERS[up]), value);
                scales[index] = (byte) scale;
            } else {
                values[index] = Math.addExact(values[index], Math.multiplyExact(value, POWERS[-up]));
            }
            return true;
        } catch (ArithmeticException overflow) {
            return false;
        }
    }

    BigDecimal get(int index) {
        return big != null && big[index] != null ? big[index] : BigDecimal.valueOf(values[index], scales[index]);
    }

    /** The value where it does not fit a long, else null. */
    BigDecimal big(int index) {
        return big == null ? null : big[index];
    }

    long unscaled(int index) {
        return values[index];
    }

    int scale(int index) {
        return scales[index];
    }

    private void setBig(int index, BigDecimal value) {
        if (big == null) {
            big = new BigDecimal[values.length];
        }
        big[index] = value;
    }
}
