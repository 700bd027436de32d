package org.caravan.api.auth;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts wrong keys per address, so that nobody can try them by the thousand. */
final class FailedKeys {
    private static final int MAX_FAILED = 20;
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int MAX_ADDRESSES = 10_000;

    private final Clock clock;

    /** The address that is longest here goes first where there are too many. */
    private final Map<String, Window> windows = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Window> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    private record Window(Instant end, int failed) {}

    FailedKeys(Clock clock) {
        this.clock = clock;
    }

    /** True if this address has to wait. */
    synchronized boolean isTooMany(String address) {
        Window window = windows.get(address);
        return window != null
                && window.failed() >= MAX_FAILED
                && clock.instant().isBefore(window.end());
    }

    synchronized void failed(String address) {
        Instant now = clock.instant();
        Window window = windows.get(address);
        windows.put(
                address,
                window == null || !now.isBefore(window.end())
                        ? new Window(now.plus(WINDOW), 1)
                        : new Window(window.end(), window.failed() + 1));
    }
}
