package org.caravan.hub.management;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the ledger at regular times, on a thread of its own, and keeps what it saw last: whoever asks is answered at
 * once, also while the database is away, and however often they ask, the database is asked no more.
 *
 * <p>At most a tenth of its time is spent on looking: where a look takes long, the next one waits ten times as long. One
 * that failed has cost the database nothing, and the next one is to see that it is there again.
 */
public final class Watch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    /** How many times as long as a look the rest after it takes at least. */
    static final int REST = 10;

    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    private final DataSource dataSource;
    private final Clock clock;
    private final Duration interval;
    private final UnaryOperator<String> mask;
    private final Looks looks = new Looks();
    private final List<Runnable> beside = new CopyOnWriteArrayList<>();
    private final List<Consumer<Overview>> listeners = new CopyOnWriteArrayList<>();
    private final Semaphore wanted = new Semaphore(0);
    private final Thread thread = new Thread(this::watch, "caravan-watch");
    private final Instant started;
    private volatile Overview last;
    private volatile Failure failure;
    private volatile boolean closed;

    /**
     * Why the newest look failed.
     *
     * @param reason in one line
     * @param since when the first look failed after the last that succeeded
     */
    public record Failure(String reason, Instant since) {}

    /**
     * @param interval between two looks
     * @param mask takes secrets out of texts; null stays null
     */
    public Watch(DataSource dataSource, Clock clock, Duration interval, UnaryOperator<String> mask) {
        this.dataSource = dataSource;
        this.clock = clock;
        this.interval = interval;
        this.mask = mask;
        this.started = clock.instant();
        thread.setDaemon(true);
    }

    /** Adds one who is told of each look, on the watch's thread. */
    public void onLook(Consumer<Overview> listener) {
        listeners.add(listener);
    }

    /** Adds what is looked at beside the ledger, also while the database is away. */
    void beside(Runnable look) {
        beside.add(look);
    }

    /** Begins to look. */
    public Watch start() {
        thread.start();
        return this;
    }

    /** False once an error that nothing catches has ended it. */
    boolean isAlive() {
        return thread.isAlive();
    }

    /** What was seen last; null before the first look succeeded. */
    public Overview last() {
        return last;
    }

    /** Why the newest look failed; null if it succeeded or there was none yet. */
    public Failure failure() {
        return failure;
    }

    /** How long ago the newest good look began; since the start of the watch where there was none. Not negative. */
    public Duration silence() {
        Overview seen = last;
        Duration age = Duration.between(seen == null ? started : seen.at(), clock.instant());
        return age.isNegative() ? Duration.ZERO : age;
    }

    public Clock clock() {
        return clock;
    }

    /** Asks for a look now, and does not wait for it. */
    public void refresh() {
        if (wanted.availablePermits() == 0) {
            wanted.release();
        }
    }

    private void watch() {
        while (!closed) {
            long begun = System.nanoTime();
            look();
            long took = System.nanoTime() - begun;
            try {
                long rest = failure == null ? REST * took : 0;
                wanted.tryAcquire(Math.max(interval.toNanos(), rest), TimeUnit.NANOSECONDS);
                wanted.drainPermits();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void look() {
        for (Runnable look : beside) {
            try {
                look.run();
            } catch (RuntimeException e) {
                // the ledger is looked at all the same
                LOG.warn("What stands beside the ledger can't be looked at: {}", reason(e));
            }
        }
        try {
            Overview seen = Overview.take(dataSource, looks, clock, mask);
            last = seen;
            failure = null;
            listeners.forEach(listener -> listener.accept(seen));
        } catch (SQLException | RuntimeException e) {
            if (closed) {
                return;
            }
            Failure before = failure;
            failure = new Failure(reason(e), before == null ? clock.instant() : before.since());
            if (before == null) {
                LOG.warn("The ledger can't be looked at: {}; trying again every {}", failure.reason(), interval);
            }
            LOG.debug("the cause", e);
        }
    }

    private String reason(Exception e) {
        String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return mask.apply(text.lines().findFirst().orElse("").strip());
    }

    /** Ends looking; waits a moment for a look that is under way. */
    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.interrupt();
        thread.join(STOP_LIMIT.toMillis());
    }
}
