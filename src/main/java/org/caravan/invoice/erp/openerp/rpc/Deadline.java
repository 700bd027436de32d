package org.caravan.invoice.erp.openerp.rpc;

import java.time.Duration;

/** When work has to be at its end, by the clock that nobody sets. */
public final class Deadline {
    private final long nanos;

    private Deadline(long nanos) {
        this.nanos = nanos;
    }

    /** So much from now on. */
    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** What is left; zero or less when it has passed. */
    public Duration left() {
        return Duration.ofNanos(nanos - System.nanoTime());
    }

    /** True if there is no time left. */
    public boolean isOver() {
        return left().isNegative() || left().isZero();
    }
}
