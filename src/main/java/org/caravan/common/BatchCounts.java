package org.caravan.common;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** What went through an endpoint since it was started: for a look at this process alone; what counts is in the ledger. */
public final class BatchCounts {
    private final LongAdder batches = new LongAdder();
    private final LongAdder records = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final AtomicReference<Instant> last = new AtomicReference<>();

    /**
     * Counts a batch that went through.
     *
     * @param nanos how long it took
     * @param at when that was; null keeps the one before
     */
    public void done(int records, long nanos, Instant at) {
        batches.increment();
        this.records.add(records);
        this.nanos.add(nanos);
        if (at != null) {
            last.set(at);
        }
    }

    /** Counts one that did not. */
    public void failed() {
        failures.increment();
    }

    public long batches() {
        return batches.sum();
    }

    public long records() {
        return records.sum();
    }

    public long failures() {
        return failures.sum();
    }

    /** Time that all of them took together. */
    public Duration taken() {
        return Duration.ofNanos(nanos.sum());
    }

    /** When the last one went through, in UTC; null if none did. */
    public String lastAt() {
        Instant at = last.get();
        return at == null ? null : at.toString();
    }
}
