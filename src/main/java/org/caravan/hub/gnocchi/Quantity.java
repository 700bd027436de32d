package org.caravan.hub.gnocchi;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Map;
import java.util.TreeMap;
import org.caravan.common.Decimals;
import org.caravan.metering.Fraction;

/** What a value of Gnocchi's comes to: times a factor, plus an offset, then changed; exact where it terminates. */
public final class Quantity {
    /** A value as it is. */
    static final Quantity SAME = new Quantity(Fraction.ONE, BigDecimal.ZERO, Change.NONE, Map.of());

    /** Digits of a quotient that does not terminate, as meters have them. */
    static final MathContext UNENDING = new MathContext(34, RoundingMode.HALF_EVEN);

    /** How a quantity is changed in the end; the words are those of CloudKitty's metrics file. */
    enum Change {
        NONE,
        /** To the next whole number above. */
        CEIL,
        /** To the next whole number below. */
        FLOOR,
        /** 1 where it is not 0. */
        NUMBOOL,
        /** 1 where it is 0. */
        NOTNUMBOOL,
        /** To what a map says; 0 where it says nothing. */
        MAP
    }

    private final Fraction factor;
    private final BigDecimal offset;
    private final Change change;
    private final Map<BigDecimal, BigDecimal> map;

    /** @param map for {@link Change#MAP}; 1 and 1.0 are the same number */
    Quantity(Fraction factor, BigDecimal offset, Change change, Map<BigDecimal, BigDecimal> map) {
        this.factor = factor;
        this.offset = offset;
        this.change = change;
        this.map = new TreeMap<>(map);
    }

    BigDecimal of(BigDecimal value) {
        if (value.precision() > Decimals.MAX_DIGITS || Math.abs((long) value.scale()) > Decimals.MAX_DIGITS) {
            // arithmetic with it could take all memory; it is set aside when it is read as a record
            return value;
        }
        BigDecimal quantity = factor.multiply(value, UNENDING).add(offset);
        return switch (change) {
            case NONE -> quantity;
            case CEIL -> quantity.setScale(0, RoundingMode.CEILING);
            case FLOOR -> quantity.setScale(0, RoundingMode.FLOOR);
            case NUMBOOL -> quantity.signum() == 0 ? BigDecimal.ZERO : BigDecimal.ONE;
            case NOTNUMBOOL -> quantity.signum() == 0 ? BigDecimal.ONE : BigDecimal.ZERO;
            case MAP -> map.getOrDefault(quantity, BigDecimal.ZERO);
        };
    }

    /** As a record has it: without exponent, unless it has more digits than a record may have. */
    static String text(BigDecimal quantity) {
        boolean plain =
                quantity.precision() <= Decimals.MAX_DIGITS && Math.abs((long) quantity.scale()) <= Decimals.MAX_DIGITS;
        return plain ? Decimals.plain(quantity) : quantity.toString();
    }
}
