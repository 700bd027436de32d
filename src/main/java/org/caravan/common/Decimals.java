package org.caravan.common;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Exact decimals: how they are read, bounded and written. */
public final class Decimals {
    /** The arithmetic of rating: 28 significant digits, half even, after every operation (spec: HashMap semantics). */
    public static final MathContext RATING = new MathContext(28, RoundingMode.HALF_EVEN);

    /** More digits than this, before or after the point, are refused: no bill needs them, an attacker might. */
    public static final int MAX_DIGITS = 64;

    private Decimals() {}

    /**
     * Reads a decimal as written ({@code 12}, {@code -0.50}, {@code 1e-3}).
     *
     * @throws NumberFormatException if the text is no number, or has more than {@link #MAX_DIGITS} digits on a side
     */
    public static BigDecimal parse(String text) {
        if (text.length() > 2 * MAX_DIGITS + 8) {
            throw new NumberFormatException("a number of " + text.length() + " characters");
        }
        BigDecimal value = new BigDecimal(text);
        if (value.precision() > MAX_DIGITS || value.scale() > MAX_DIGITS || value.scale() < -MAX_DIGITS) {
            throw new NumberFormatException("a number of more than " + MAX_DIGITS + " digits");
        }
        return value;
    }

    /** The value without exponent and without trailing zeros: {@code 1.50} becomes {@code 1.5}, zero becomes {@code 0}. */
    public static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }
}
