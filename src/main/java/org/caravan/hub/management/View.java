package org.caravan.hub.management;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** What the MBeans have in common: they answer from the last look, with nothing where there was none yet. */
abstract class View {
    private final Watch watch;

    View(Watch watch) {
        this.watch = watch;
    }

    Watch watch() {
        return watch;
    }

    /** From the last look, or null. */
    <T> T seen(Function<Overview, T> value) {
        Overview last = watch.last();
        return last == null ? null : value.apply(last);
    }

    /** From the last look, or 0. */
    long count(ToLongFunction<Overview> value) {
        Overview last = watch.last();
        return last == null ? 0 : value.applyAsLong(last);
    }

    /** UTC to the second, or null. */
    static String text(Instant instant) {
        return instant == null ? null : instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Seconds since then, or 0. */
    long age(Instant since) {
        return since == null
                ? 0
                : Math.max(0, Duration.between(since, watch.clock().instant()).toSeconds());
    }
}
