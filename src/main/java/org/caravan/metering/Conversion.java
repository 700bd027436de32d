package org.caravan.metering;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import org.caravan.common.Decimals;

/**
 * How the quantity of one meter in one source unit becomes the billed quantity.
 *
 * <p>A record that already is in the billed unit is taken as it is, also where the meter says {@code times: hours}: so
 * a record that was read once, and is written and read again out of quarantine, is never multiplied twice.
 */
final class Conversion {
    /** Digits of a converted quantity that does not terminate. */
    static final MathContext UNENDING = new MathContext(34, RoundingMode.HALF_EVEN);

    private static final long MICROS_PER_HOUR = 3_600_000_000L;

    final String unit;
    final boolean same;
    private final Fraction fraction;
    private final boolean hours;

    /** Digits after the point of {@link #multiplier(long)}. */
    final int multiplierScale;

    private final long multiplier;

    private Conversion(String unit, Fraction fraction, boolean hours) {
        this.unit = unit;
        this.fraction = fraction;
        this.hours = hours;
        this.same = !hours && fraction.equals(Fraction.ONE);
        BigDecimal decimal = fraction.isDecimal() ? fraction.multiply(BigDecimal.ONE, UNENDING) : BigDecimal.ZERO;
        boolean quick = UsageBatch.fits(decimal) && decimal.scale() <= 40;
        this.multiplier = quick ? decimal.unscaledValue().longValue() : 0;
        this.multiplierScale = quick ? decimal.scale() : 0;
    }

    /** The conversion of a meter's records that come in {@code unit}, or null if that unit does not convert. */
    static Conversion of(Meter meter, String unit) {
        String billed = meter.unit();
        if (meter.timesHours()) {
            return timesHours(meter, unit, billed == null ? hours(unit) : billed);
        }
        if (billed == null || unit.equals(billed)) {
            return new Conversion(unit, Fraction.ONE, false);
        }
        if (meter.factor() != null) {
            return new Conversion(billed, Fraction.parse(meter.factor()), false);
        }
        return unit.isEmpty() ? new Conversion(billed, Fraction.ONE, false) : convert(unit, billed, billed, false);
    }

    private static Conversion timesHours(Meter meter, String unit, String billed) {
        if (unit.equals(billed)) {
            return new Conversion(billed, Fraction.ONE, false);
        }
        if (meter.factor() != null) {
            return new Conversion(billed, Fraction.parse(meter.factor()), true);
        }
        Conversion used = convert(unit, billed, billed, false);
        if (used != null) {
            return used;
        }
        String gauge = billed.endsWith("-hour") ? billed.substring(0, billed.length() - "-hour".length()) : "";
        return unit.isEmpty() ? new Conversion(billed, Fraction.ONE, true) : convert(unit, gauge, billed, true);
    }

    /** The unit of a gauge in {@code unit} times hours. */
    private static String hours(String unit) {
        if (isHours(unit)) {
            return unit;
        }
        return unit.isEmpty() ? "hour" : unit + "-hour";
    }

    /** True if a quantity is multiplied by the hours of its record. */
    boolean timesHours() {
        return hours;
    }

    /** True for a unit that a gauge times hours can have. */
    static boolean isHours(String unit) {
        return unit.equals("hour") || unit.endsWith("-hour");
    }

    private static Conversion convert(String from, String to, String billed, boolean hours) {
        return Units.between(from, to)
                .map(fraction -> new Conversion(billed, fraction, hours))
                .orElse(null);
    }

    /**
     * What an unscaled quantity is multiplied by, where that has at most {@link #multiplierScale} digits after the point
     * and fits; else 0, and {@link #apply} must do it.
     */
    long multiplier(long micros) {
        if (!hours) {
            return multiplier;
        }
        long whole = micros / MICROS_PER_HOUR;
        boolean fits = whole * MICROS_PER_HOUR == micros && Math.multiplyHigh(multiplier, whole) == 0;
        return fits ? Math.max(0, multiplier * whole) : 0;
    }

    /**
     * The billed quantity of a record.
     *
     * @param micros the record's length
     * @return exact where it terminates; else {@link #UNENDING}, or {@link Decimals#RATING} where hours take part
     */
    BigDecimal apply(BigDecimal quantity, long micros) {
        if (same) {
            return quantity;
        }
        Fraction all = hours
                ? fraction.times(new Fraction(BigInteger.valueOf(micros), BigInteger.valueOf(MICROS_PER_HOUR)))
                : fraction;
        BigDecimal result =
                all.multiply(quantity, hours ? Decimals.RATING : UNENDING).stripTrailingZeros();
        return result.scale() < 0 ? result.setScale(0) : result;
    }
}
