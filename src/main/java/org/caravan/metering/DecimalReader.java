package org.caravan.metering;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.caravan.common.Decimals;

/**
 * Reads decimals: up to 18 digits without exponent into a long and a scale, without allocating; anything else that
 * {@link Decimals#parse} takes into a BigDecimal. For one thread.
 */
final class DecimalReader {
    private static final int QUICK_DIGITS = 18;

    /** The value read last, where {@link #big} is null: unscaled, and its digits after the point. */
    long unscaled;

    int scale;

    /** The value read last, where it took the long way; its scale is not negative. */
    BigDecimal big;

    /** Reads the text; false if it is no decimal, or one of more than {@link Decimals#MAX_DIGITS} digits. */
    boolean read(byte[] bytes, int from, int to) {
        big = null;
        if (to - from <= QUICK_DIGITS + 1 && readQuick(bytes, from, to)) {
            return true;
        }
        return readLong(bytes, from, to);
    }

    boolean isNegative() {
        return big == null ? unscaled < 0 : big.signum() < 0;
    }

    /** The value read last; allocates. */
    BigDecimal value() {
        return big != null ? big : BigDecimal.valueOf(unscaled, scale);
    }

    private boolean readQuick(byte[] bytes, int from, int to) {
        long value = 0;
        int point = -1;
        for (int i = from; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit >= 0 && digit <= 9) {
                value = value * 10 + digit;
            } else if (bytes[i] == '.' && point < 0) {
                point = i;
            } else {
                return false;
            }
        }
        int digits = point < 0 ? to - from : to - from - 1;
        if (digits == 0 || digits > QUICK_DIGITS) {
            return false;
        }
        unscaled = value;
        scale = point < 0 ? 0 : to - point - 1;
        return true;
    }

    private boolean readLong(byte[] bytes, int from, int to) {
        // BigDecimal also takes digits of other scripts, which no bill should depend on.
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if ((b < '0' || b > '9') && b != '.' && b != '-' && b != '+' && b != 'e' && b != 'E') {
                return false;
            }
        }
        try {
            BigDecimal value = Decimals.parse(new String(bytes, from, to - from, StandardCharsets.US_ASCII));
            if (value.precision() - value.scale() > Decimals.MAX_DIGITS) {
                return false;
            }
            big = value.scale() < 0 ? value.setScale(0) : value;
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
