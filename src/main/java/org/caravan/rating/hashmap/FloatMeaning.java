package org.caravan.rating.hashmap;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.caravan.metering.JsonFloat;

/**
 * What a JSON number with fraction or exponent in metadata means to HashMap rules: the nearest binary floating point
 * number of 64 bits, as Python reads it.
 *
 * <p>The only class of rating, ledger and invoice that may use one. It never sees a quantity, price, cost or level.
 */
final class FloatMeaning {
    private static final int MOST_DIGITS = 17;

    /** Decimal points further right or left than these are written with an exponent. */
    private static final int PLAIN_POINT_MAX = 16;

    private static final int PLAIN_POINT_MIN = -3;

    private FloatMeaning() {}

    /** The exact value of the binary number; null if it is infinite. */
    static BigDecimal value(JsonFloat number) {
        double binary = Double.parseDouble(number.literal());
        return Double.isInfinite(binary) ? null : new BigDecimal(binary);
    }

    /** The text that Python prints: the shortest decimal that reads back as the same binary number. */
    static String text(JsonFloat number) {
        double binary = Double.parseDouble(number.literal());
        String sign = Math.copySign(1, binary) < 0 ? "-" : "";
        double magnitude = Math.abs(binary);
        if (Double.isInfinite(magnitude)) {
            return sign + "inf";
        }
        return sign + (magnitude == 0 ? "0.0" : format(shortest(magnitude)));
    }

    private static BigDecimal shortest(double magnitude) {
        BigDecimal exact = new BigDecimal(magnitude);
        for (int digits = 1; digits < MOST_DIGITS; digits++) {
            BigDecimal below = exact.round(new MathContext(digits, RoundingMode.DOWN));
            BigDecimal above = exact.round(new MathContext(digits, RoundingMode.UP));
            boolean belowReads = below.doubleValue() == magnitude;
            boolean aboveReads = above.doubleValue() == magnitude;
            if (belowReads && aboveReads) {
                return exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            }
            if (belowReads || aboveReads) {
                return belowReads ? below : above;
            }
        }
        return exact.round(new MathContext(MOST_DIGITS, RoundingMode.HALF_EVEN));
    }

    private static String format(BigDecimal decimal) {
        BigDecimal stripped = decimal.stripTrailingZeros();
        String digits = stripped.unscaledValue().toString();
        int point = digits.length() - stripped.scale();
        if (point < PLAIN_POINT_MIN || point > PLAIN_POINT_MAX) {
            int exponent = point - 1;
            String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
            return digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "")
                    + Math.abs(exponent);
        }
        String plain = stripped.toPlainString();
        return plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }
}
