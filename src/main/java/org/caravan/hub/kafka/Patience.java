package org.caravan.hub.kafka;

import java.time.Duration;

/** How long to wait before the next try: twice as long as the time before, up to a limit. For one thread. */
final class Patience {
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final int MAX_DOUBLINGS = 30;

    private final Duration longest;
    private int failures;

    Patience(Duration longest) {
        this.longest = longest;
    }

    void failed() {
        failures++;
    }

    void succeeded() {
        failures = 0;
    }

    /** Zero where nothing failed since the last success. */
    Duration delay() {
        if (failures == 0) {
            return Duration.ZERO;
        }
        Duration delay = FIRST.multipliedBy(1L << Math.min(failures - 1, MAX_DOUBLINGS));
        return delay.compareTo(longest) > 0 ? longest : delay;
    }
}
