package org.caravan.hub.inbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** When what failed for a reason not its own (a file, a metric) is due again: each waits twice as long as the time before. */
public final class Retries {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final int MAX_DOUBLINGS = 30;

    private final Duration longest;
    private final Clock clock;
    private final Map<String, Retry> retries = new HashMap<>();

    private record Retry(int failures, Instant due) {}

    public Retries(Duration longest, Clock clock) {
        this.longest = longest;
        this.clock = clock;
    }

    /** Postpones a file; answers for how long. */
    public Duration postpone(String name) {
        Retry before = retries.get(name);
        int failures = before == null ? 0 : before.failures;
        Duration wait = FIRST.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS));
        if (wait.compareTo(longest) > 0) {
            wait = longest;
        }
        retries.put(name, new Retry(failures + 1, clock.instant().plus(wait)));
        return wait;
    }

    public boolean isDue(String name) {
        Retry retry = retries.get(name);
        if (retry == null) {
            return true;
        }
        Instant now = clock.instant();
        // a clock that jumped back must not keep a file for longer than the longest wait
        return !now.isBefore(retry.due) || retry.due.isAfter(now.plus(longest));
    }

    public void forget(String name) {
        retries.remove(name);
    }

    /** Forgets files that are gone. */
    void keep(Collection<String> names) {
        retries.keySet().retainAll(names);
    }

    boolean isEmpty() {
        return retries.isEmpty();
    }
}
