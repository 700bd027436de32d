package org.caravan.rating.hashmap;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.caravan.metering.JsonFloat;

/** The number that a metadata value is when thresholds compare it, as Python's {@code Decimal(value)} reads it. */
final class FieldNumber {
    /** A longer text is not read as a number. */
    static final int MAX_TEXT = 4096;

    private static final FieldNumber INFINITE = new FieldNumber(null, 1);
    private static final FieldNumber MINUS_INFINITE = new FieldNumber(null, -1);

    private static final char NEXT_LINE = 0x85;
    private static final int MOST_EXPONENT_DIGITS = 9;
    private static final int BEYOND_ANY_LEVEL = 1_000_000_000;

    private static final Pattern NUMBER = Pattern.compile(
            "([-+]?)(?:(?=[0-9]|\\.[0-9])([0-9]*)(?:\\.([0-9]*))?(?:[eE]([-+]?)([0-9]+))?|(inf(?:inity)?))",
            Pattern.CASE_INSENSITIVE);

    private final BigDecimal finite;
    private final int infiniteSign;

    private FieldNumber(BigDecimal finite, int infiniteSign) {
        this.finite = finite;
        this.infiniteSign = infiniteSign;
    }

    /** The number, or null if the value is none: other text, empty text, null, not-a-number. */
    static FieldNumber of(Object value) {
        if (value instanceof Boolean flag) {
            return new FieldNumber(flag ? BigDecimal.ONE : BigDecimal.ZERO, 0);
        }
        if (value instanceof BigInteger integer) {
            return new FieldNumber(new BigDecimal(integer), 0);
        }
        if (value instanceof JsonFloat binary) {
            BigDecimal exact = FloatMeaning.value(binary);
            if (exact == null) {
                return binary.literal().startsWith("-") ? MINUS_INFINITE : INFINITE;
            }
            return new FieldNumber(exact, 0);
        }
        return value instanceof String text ? parse(text) : null;
    }

    /** True if the number is the level or above it. */
    boolean reaches(BigDecimal level) {
        return infiniteSign > 0 || infiniteSign == 0 && finite.compareTo(level) >= 0;
    }

    private static FieldNumber parse(String text) {
        if (text.length() > MAX_TEXT) {
            return null;
        }
        Matcher number = NUMBER.matcher(asciiDigits(trim(text).replace("_", "")));
        if (!number.matches()) {
            return null;
        }
        boolean negative = "-".equals(number.group(1));
        if (number.group(6) != null) {
            return negative ? MINUS_INFINITE : INFINITE;
        }
        String fraction = number.group(3) == null ? "" : number.group(3);
        BigDecimal mantissa = new BigDecimal(new BigInteger("0" + number.group(2) + fraction), fraction.length());
        return new FieldNumber(scaled(negative ? mantissa.negate() : mantissa, number.group(4), number.group(5)), 0);
    }

    /** An exponent beyond any level is cut: only the comparison with a level matters. */
    private static BigDecimal scaled(BigDecimal mantissa, String sign, String exponent) {
        if (exponent == null || mantissa.signum() == 0) {
            return mantissa;
        }
        String digits = exponent.replaceFirst("^0+(?=.)", "");
        int power = digits.length() > MOST_EXPONENT_DIGITS ? BEYOND_ANY_LEVEL : Integer.parseInt(digits);
        return mantissa.scaleByPowerOfTen("-".equals(sign) ? -power : power);
    }

    private static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    /** Python's idea of space includes the no-break space and the next-line control. */
    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == NEXT_LINE;
    }

    /** Python takes the digits of every script. */
    private static String asciiDigits(String text) {
        StringBuilder out = null;
        for (int at = 0; at < text.length(); ) {
            int point = text.codePointAt(at);
            int digit = point < 0x80 || !Character.isDigit(point) ? -1 : Character.digit(point, 10);
            if (digit >= 0 && out == null) {
                out = new StringBuilder(text.length()).append(text, 0, at);
            }
            if (out != null) {
                out.appendCodePoint(digit >= 0 ? '0' + digit : point);
            }
            at += Character.charCount(point);
        }
        return out == null ? text : out.toString();
    }
}
