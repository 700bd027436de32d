package org.caravan.hub.gnocchi;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.caravan.ledger.PulledMetrics;

/**
 * Which window is read next: of all that are due the one that lies furthest back; a second look only where no first one is due.
 * For one thread.
 */
final class Schedule {
    private final GnocchiSettings settings;
    private final Map<String, Metric> metrics = new HashMap<>();
    private final Clock clock;

    /** Periods of a window, by position, where fewer than the longest window has turned out to be enough. */
    private final Map<String, Long> periods = new HashMap<>();

    Schedule(GnocchiSettings settings, List<Metric> metrics, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        metrics.forEach(metric -> this.metrics.put(metric.key(), metric));
    }

    /**
     * The next window, or null if none is due.
     *
     * @param known where reading of the metrics stands
     * @param mayRead false for the key of a metric that must wait
     */
    Window next(List<PulledMetrics.Metric> known, Predicate<String> mayRead) {
        return known.stream()
                .filter(metric -> metrics.containsKey(metric.key()) && mayRead.test(metric.key()))
                .flatMap(this::windows)
                .min(Comparator.comparing(Window::again).thenComparing(Window::from))
                .orElse(null);
    }

    private Stream<Window> windows(PulledMetrics.Metric known) {
        Metric metric = metrics.get(known.key());
        Instant due = clock.instant().minus(settings.delay());
        Window first = window(metric, known.readUntil(), due, false);
        Window second = null;
        if (!settings.secondLook().isZero()) {
            Instant later = due.minus(settings.secondLook());
            second = window(
                    metric,
                    known.readAgainUntil(),
                    later.isBefore(known.readUntil()) ? later : known.readUntil(),
                    true);
        }
        return Stream.of(first, second).filter(Objects::nonNull);
    }

    /** From where a position stands, at most up to a moment; null if no whole period lies between. */
    private Window window(Metric metric, Instant from, Instant due, boolean again) {
        long step = metric.seconds();
        long whole = Math.floorDiv(due.getEpochSecond() - from.getEpochSecond(), step);
        if (whole < 1) {
            return null;
        }
        long longest = Math.max(1, settings.window().toSeconds() / step);
        Window one = new Window(metric, from, from.plusSeconds(step), again);
        long most = Math.min(longest, periods.getOrDefault(one.position(), longest));
        return new Window(metric, from, from.plusSeconds(step * Math.min(whole, most)), again);
    }

    /** The newest whole period of a metric. */
    Window newest(Metric metric) {
        Duration step = metric.granularity();
        long end = Math.floorDiv(clock.instant().minus(settings.delay()).getEpochSecond(), metric.seconds());
        Instant to = Instant.ofEpochSecond(end * metric.seconds());
        return new Window(metric, to.minus(step), to, false);
    }

    /** Says that a window had too many records; false if it can't be any shorter. */
    boolean shorten(Window window) {
        if (window.periods() == 1) {
            return false;
        }
        periods.put(window.position(), window.periods() / 2);
        return true;
    }

    /** Says that a window was committed, so that the next one may be longer where it was small. */
    void committed(Window window, int records) {
        Long most = periods.get(window.position());
        if (most != null && records < settings.batchRecords() / 4) {
            periods.put(window.position(), most * 2);
        }
    }
}
