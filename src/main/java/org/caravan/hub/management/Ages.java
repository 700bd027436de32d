package org.caravan.hub.management;

import java.time.Duration;

/** Durations for people: the two largest units. */
public final class Ages {
    private Ages() {}

    /** Such as {@code 40s}, {@code 12m 5s}, {@code 3h 20m}, {@code 5d 1h}; a negative one counts as none. */
    public static String text(Duration age) {
        if (age.toDays() > 0) {
            return two(age.toDays(), "d", age.toHoursPart(), "h");
        }
        if (age.toHours() > 0) {
            return two(age.toHours(), "h", age.toMinutesPart(), "m");
        }
        if (age.toMinutes() > 0) {
            return two(age.toMinutes(), "m", age.toSecondsPart(), "s");
        }
        return Math.max(0, age.toSeconds()) + "s";
    }

    private static String two(long large, String largeUnit, int small, String smallUnit) {
        return large + largeUnit + (small == 0 ? "" : " " + small + smallUnit);
    }
}
