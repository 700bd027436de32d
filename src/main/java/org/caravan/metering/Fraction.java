package org.caravan.metering;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.caravan.common.Decimals;

/**
 * An exact positive or zero fraction in lowest terms.
 *
 * @param numerator not negative
 * @param denominator positive
 */
public record Fraction(BigInteger numerator, BigInteger denominator) {
    /** Multiplies by nothing. */
    public static final Fraction ONE = new Fraction(BigInteger.ONE, BigInteger.ONE);

    private static final BigInteger FIVE = BigInteger.valueOf(5);

    public Fraction {
        if (numerator.signum() < 0 || denominator.signum() <= 0) {
            throw new IllegalArgumentException("fraction " + numerator + "/" + denominator + " is not positive");
        }
        BigInteger common = numerator.gcd(denominator);
        numerator = numerator.divide(common);
        denominator = denominator.divide(common);
    }

    /**
     * Reads {@code 0.5}, {@code 1e-6} or {@code 1/1048576}.
     *
     * @throws NumberFormatException if it is neither, or not above 0
     */
    public static Fraction parse(String text) {
        int slash = text.indexOf('/');
        BigDecimal above = Decimals.parse((slash < 0 ? text : text.substring(0, slash)).trim());
        BigDecimal below = slash < 0
                ? BigDecimal.ONE
                : Decimals.parse(text.substring(slash + 1).trim());
        if (above.signum() <= 0 || below.signum() <= 0) {
            throw new NumberFormatException("'" + text + "' is not above 0");
        }
        int digits = Math.max(0, Math.max(above.scale(), below.scale()));
        return new Fraction(
                above.movePointRight(digits).toBigIntegerExact(),
                below.movePointRight(digits).toBigIntegerExact());
    }

    public Fraction times(Fraction other) {
        return new Fraction(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
    }

    /** The value times this fraction: exact where it terminates, else rounded under {@code otherwise}. */
    public BigDecimal multiply(BigDecimal value, MathContext otherwise) {
        BigDecimal above = value.multiply(new BigDecimal(numerator));
        if (denominator.equals(BigInteger.ONE)) {
            return above;
        }
        // Whether the quotient terminates depends on what the value's own digits cancel.
        BigInteger left = denominator.divide(denominator.gcd(above.unscaledValue()));
        BigDecimal below = new BigDecimal(denominator);
        return onlyTwosAndFives(left) ? above.divide(below) : above.divide(below, otherwise);
    }

    /** True if every value times this fraction terminates as a decimal. */
    boolean isDecimal() {
        return onlyTwosAndFives(denominator);
    }

    private static boolean onlyTwosAndFives(BigInteger value) {
        BigInteger rest = value.shiftRight(value.getLowestSetBit());
        BigInteger[] division = rest.divideAndRemainder(FIVE);
        while (division[1].signum() == 0) {
            rest = division[0];
            division = rest.divideAndRemainder(FIVE);
        }
        return rest.equals(BigInteger.ONE);
    }
}
