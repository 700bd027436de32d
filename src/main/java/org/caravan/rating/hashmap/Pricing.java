package org.caravan.rating.hashmap;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import org.caravan.metering.Price;
import org.caravan.metering.UsageBatch;

/** What the rules that apply to a kind of usage make of a quantity. Immutable. */
public final class Pricing {
    /** Quantities of up to this many digits after the point find their segment without allocating. */
    private static final int MAX_SCALE = 12;

    private final BigDecimal[] levels;
    private final Segment[] segments;
    /** By scale of the quantity: the smallest unscaled quantity that reaches each level; levels beyond a long are cut. */
    private final long[][] reached;

    /**
     * @param levels ascending and distinct; segment i holds below level i, the last one from the last level on
     * @param segments one more than levels
     */
    Pricing(List<BigDecimal> levels, List<Segment> segments) {
        this.levels = levels.toArray(BigDecimal[]::new);
        this.segments = segments.toArray(Segment[]::new);
        this.reached = this.levels.length == 0 ? null : new long[MAX_SCALE + 1][];
        for (int scale = 0; reached != null && scale <= MAX_SCALE; scale++) {
            reached[scale] = reached(scale);
        }
    }

    private long[] reached(int scale) {
        long[] smallest = new long[levels.length];
        for (int i = 0; i < levels.length; i++) {
            BigInteger unscaled =
                    levels[i].setScale(scale, RoundingMode.CEILING).unscaledValue();
            if (unscaled.bitLength() >= Long.SIZE) {
                return Arrays.copyOf(smallest, i);
            }
            smallest[i] = unscaled.longValueExact();
        }
        return smallest;
    }

    /** Prices a row of a batch, on top of the price it came with, if any. */
    public void price(UsageBatch batch, int row) {
        if (!priceFast(batch, row)) {
            BigDecimal start = batch.givenPrice(row);
            BigDecimal quantity = batch.quantityValue(row);
            Segment segment = segment(quantity);
            batch.price(row, segment.price(start != null), compact(segment.amount(quantity, start)));
        }
    }

    /** Prices a row in longs without allocating; false, and the row as it was, where that might round differently. */
    boolean priceFast(UsageBatch batch, int row) {
        if (batch.givenPrice(row) != null || batch.bigQuantity(row) != null) {
            return false;
        }
        long quantity = batch.quantity(row);
        int scale = batch.quantityScale(row);
        Segment segment = segment(quantity, scale);
        return segment != null && segment.priceFast(batch, row, quantity, scale);
    }

    /** The amount that a quantity costs, added to {@code start} (null = 0), rounded as the rules of HashMap demand. */
    public BigDecimal amount(BigDecimal quantity, BigDecimal start) {
        return segment(quantity).amount(quantity, start);
    }

    /** What prices a quantity; {@code started} if the point came with a price. */
    public Price price(BigDecimal quantity, boolean started) {
        return segment(quantity).price(started);
    }

    /** The segment of a quantity, or null where its scale is beyond {@link #MAX_SCALE}. */
    private Segment segment(long quantity, int scale) {
        if (reached == null) {
            return segments[0];
        }
        if (scale > MAX_SCALE) {
            return null;
        }
        int at = Arrays.binarySearch(reached[scale], quantity);
        if (at < 0) {
            return segments[-at - 1];
        }
        // levels closer together than the quantity's scale can tell apart share a smallest quantity
        long[] smallest = reached[scale];
        while (at + 1 < smallest.length && smallest[at + 1] == quantity) {
            at++;
        }
        return segments[at + 1];
    }

    private Segment segment(BigDecimal quantity) {
        int at = Arrays.binarySearch(levels, quantity);
        return segments[at < 0 ? -at - 1 : at + 1];
    }

    /** The same value in the form that a batch keeps in a long, where it can be. */
    private static BigDecimal compact(BigDecimal amount) {
        if (UsageBatch.fits(amount)) {
            return amount;
        }
        BigDecimal stripped = amount.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
