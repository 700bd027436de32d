package org.caravan.api.push;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** How many pushes are let in: at once, and of one source in a minute. */
final class PushLimits {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int MAX_SOURCES = 10_000;
    private static final int SOON_SECONDS = 1;

    private final int atOnce;
    private final int perMinute;
    private final Clock clock;
    private int inside;

    /** The source that is longest here goes first where there are too many. */
    private final Map<String, Window> windows = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Window> eldest) {
            return size() > MAX_SOURCES;
        }
    };

    private record Window(Instant end, int pushes) {}

    /**
     * Why a push has to wait.
     *
     * @param seconds how long
     */
    record Wait(int seconds, String reason) {}

    PushLimits(PushSettings settings, Clock clock) {
        this.atOnce = settings.atOnce();
        this.perMinute = settings.perMinute();
        this.clock = clock;
    }

    /** Lets a push in, to {@link #leave} later; or says why not. */
    synchronized Wait enter(String source) {
        Instant now = clock.instant();
        Window window = windows.get(source);
        if (window == null || !now.isBefore(window.end())) {
            window = new Window(now.plus(WINDOW), 0);
        }
        if (window.pushes() >= perMinute) {
            return new Wait(
                    (int) Duration.between(now, window.end()).plusMillis(999).toSeconds(),
                    "source '" + source + "' has pushed " + perMinute
                            + " times within a minute (caravan.push.perMinute); push fewer and bigger batches");
        }
        if (inside >= atOnce) {
            return new Wait(
                    SOON_SECONDS,
                    "the hub has " + atOnce + " pushes at work (caravan.push.atOnce); push again a little later");
        }
        windows.put(source, new Window(window.end(), window.pushes() + 1));
        inside++;
        return null;
    }

    synchronized void leave() {
        inside--;
    }
}
