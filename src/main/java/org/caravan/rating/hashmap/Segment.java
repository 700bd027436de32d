package org.caravan.rating.hashmap;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.caravan.common.Decimals;
import org.caravan.metering.Price;
import org.caravan.metering.UsageBatch;

/**
 * The price function of a point within a stretch of quantities that reach the same service thresholds.
 *
 * <p>Slow and always right: {@link #amount}. Fast: {@code unit * quantity + fixed} in longs. The two agree because the
 * fast way is taken only where no operation of the slow one rounds: at one common scale, the sum of the absolute values
 * of everything that is added up stays below 2^63, thus every intermediate result has fewer than 28 digits.
 */
final class Segment {
    private static final int MAX_FAST_SCALE = 60;
    private static final long HALF = Long.MAX_VALUE / 2;
    private static final long[] TENS = tens();

    /**
     * What one group charges: {@code unit * quantity}, then the service threshold.
     *
     * @param unit rate times flat
     * @param threshold the service threshold that won, or null
     */
    record Part(BigDecimal unit, Rule threshold) {
        private boolean multiplies() {
            return threshold != null && !threshold.isFlat();
        }

        private boolean adds() {
            return threshold != null && threshold.isFlat();
        }
    }

    private final Part[] parts;
    private final Price price;
    private final Price priceOnTop;

    private final int scale;
    private final long unit;
    private final long fixed;
    /** Quantities beyond this, as unscaled longs, go the slow way; -1 = all do. */
    private final long quantityLimit;

    private final int quantityScaleLimit;

    /**
     * @param price of points that came without a price; its unit price is set by this segment
     * @param priceOnTop of points that came with one
     */
    Segment(List<Part> parts, PriceNames names) {
        this.parts = parts.toArray(Part[]::new);
        BigDecimal units = BigDecimal.ZERO;
        BigDecimal unitBound = BigDecimal.ZERO;
        BigDecimal sums = BigDecimal.ZERO;
        BigDecimal sumBound = BigDecimal.ZERO;
        int widest = 0;
        for (Part part : parts) {
            BigDecimal effective =
                    part.multiplies() ? part.unit().multiply(part.threshold().cost()) : part.unit();
            units = units.add(effective);
            unitBound = unitBound.add(part.unit().abs().max(effective.abs()));
            widest = Math.max(
                    widest,
                    Math.max(
                            digits(part.unit()),
                            digits(part.unit())
                                    + (part.multiplies()
                                            ? digits(part.threshold().cost())
                                            : 0)));
            if (part.adds()) {
                sums = sums.add(part.threshold().cost());
                sumBound = sumBound.add(part.threshold().cost().abs());
                widest = Math.max(widest, digits(part.threshold().cost()));
            }
        }
        BigInteger bound = unscaled(unitBound, widest);
        BigInteger fixedBound = unscaled(sumBound, widest);
        boolean fast =
                widest <= MAX_FAST_SCALE && bound.bitLength() < Long.SIZE - 1 && fixedBound.bitLength() < Long.SIZE - 1;
        scale = widest;
        unit = fast ? unscaled(units, widest).longValueExact() : 0;
        fixed = fast ? unscaled(sums, widest).longValueExact() : 0;
        quantityLimit = !fast ? -1 : bound.signum() == 0 ? Long.MAX_VALUE : HALF / bound.longValueExact();
        quantityScaleLimit = fast ? scaleLimit(fixedBound.longValueExact()) : -1;
        boolean linear = parts.stream()
                .noneMatch(part -> part.adds() && part.threshold().cost().signum() != 0);
        price = names.price(linear ? units.round(Decimals.RATING) : null);
        priceOnTop = names.onTop();
    }

    /** Scale that holds the number, 0 at least. */
    private static int digits(BigDecimal number) {
        return Math.max(0, number.stripTrailingZeros().scale());
    }

    private static BigInteger unscaled(BigDecimal number, int scale) {
        return number.setScale(scale).unscaledValue();
    }

    /** The largest scale of a quantity at which the fixed amount stays within half of the longs. */
    private static int scaleLimit(long fixedBound) {
        if (fixedBound == 0) {
            return MAX_FAST_SCALE;
        }
        int limit = -1;
        while (limit + 1 < TENS.length && fixedBound <= HALF / TENS[limit + 1]) {
            limit++;
        }
        return limit;
    }

    /** Prices a row that came without a price in longs, or leaves it alone and says false. */
    boolean priceFast(UsageBatch batch, int row, long quantity, int quantityScale) {
        if (quantity > quantityLimit || quantity < -quantityLimit || quantityScale > quantityScaleLimit) {
            return false;
        }
        long sum = fixed == 0 ? 0 : fixed * TENS[quantityScale];
        batch.price(row, price, unit * quantity + sum, scale + quantityScale);
        return true;
    }

    /** The amount by the book. */
    BigDecimal amount(BigDecimal quantity, BigDecimal start) {
        BigDecimal sum = BigDecimal.ZERO;
        for (Part part : parts) {
            BigDecimal result = part.unit().multiply(quantity, Decimals.RATING);
            if (part.multiplies()) {
                result = result.multiply(part.threshold().cost(), Decimals.RATING);
            } else if (part.adds()) {
                result = result.add(part.threshold().cost(), Decimals.RATING);
            }
            sum = sum.add(result, Decimals.RATING);
        }
        return (start == null ? BigDecimal.ZERO : start).add(sum, Decimals.RATING);
    }

    /** What priced a point; {@code started} if it came with a price. */
    Price price(boolean started) {
        return started ? priceOnTop : price;
    }

    private static long[] tens() {
        long[] tens = new long[19];
        long ten = 1;
        for (int i = 0; i < tens.length; i++) {
            tens[i] = ten;
            ten *= i + 1 < tens.length ? 10 : 1;
        }
        return tens;
    }
}
