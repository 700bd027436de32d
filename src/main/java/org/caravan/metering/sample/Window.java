package org.caravan.metering.sample;

import java.math.BigDecimal;

/**
 * The time that usage is made of at once: one UTC hour.
 *
 * @param begin microseconds since 1970, inclusive
 * @param end exclusive
 */
public record Window(long begin, long end) {
    /** One hour in microseconds. */
    public static final long HOUR = 3_600_000_000L;

    /** So long before its begin a window's samples are read: they tell the state at its begin. */
    public static final long LEAD_IN = HOUR / 6;

    /** The hour that a time lies in. */
    public static Window of(long at) {
        long begin = Math.floorDiv(at, HOUR) * HOUR;
        return new Window(begin, begin + HOUR);
    }

    /** Where reading of its samples begins. */
    public long readFrom() {
        return begin - LEAD_IN;
    }

    BigDecimal hours() {
        return BigDecimal.valueOf((end - begin) / HOUR);
    }
}
