package org.caravan.hub.gnocchi;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.caravan.common.UserError;
import org.caravan.hub.inbox.Reason;
import org.caravan.hub.inbox.Retries;
import org.caravan.ledger.PulledMetrics;
import org.caravan.ledger.Sources;
import org.caravan.metering.CaravanHeaders;
import org.caravan.metering.MeterCatalog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bean {@code gnocchi} of the route {@code metering-gnocchi}; for the one thread of its timer. */
public final class GnocchiSource {
    /** What the ledger knows such a source as. */
    public static final String KIND = "gnocchi";

    private static final Logger LOG = LoggerFactory.getLogger(GnocchiSource.class);

    /** What waits while Gnocchi is away, or the ledger is: all of it. */
    private static final String ALL = "";

    private static final String LEDGER = "ledger";

    private final GnocchiSettings settings;
    private final Map<String, Metric> metrics;
    private final PulledMetrics pulled;
    private final Sources sources;
    private final Schedule schedule;
    private final GnocchiClient client;
    private final WindowReader reader;
    private final Retries retries;

    /** What is wrong, by metric; an order, so that what is told stays while nothing changes. */
    private final Map<String, String> problems = new TreeMap<>();

    /** Metrics that Gnocchi was never found to have. */
    private final Set<String> unseen = new TreeSet<>();

    /** Those of them that nothing excuses: nobody knows whether their usage is missed. */
    private final Set<String> doubtful = new TreeSet<>();

    /** Those of them that were looked for in vain. */
    private final Set<String> missed = new TreeSet<>();

    private volatile CamelContext context;
    private Window next;
    private int records;
    private String reported;
    private boolean reportedOnce;
    private Instant ratedUntil = Instant.MIN;

    /** @param meters what the records' meters mean */
    public GnocchiSource(
            GnocchiSettings settings,
            List<Metric> metrics,
            MeterCatalog meters,
            GnocchiLogin login,
            PulledMetrics pulled,
            Sources sources,
            Clock clock) {
        this.settings = settings;
        this.metrics = metrics.stream().collect(Collectors.toMap(Metric::key, Function.identity()));
        this.pulled = pulled;
        this.sources = sources;
        this.schedule = new Schedule(settings, metrics, clock);
        this.client = new GnocchiClient(new GnocchiHttp(settings, login, this::isStopping), settings);
        this.reader = new WindowReader(client, settings, meters);
        this.retries = new Retries(settings.retryDelay(), clock);
    }

    /**
     * Makes the source and its metrics known to the ledger: from here on a month waits for them.
     *
     * @param from where a source that is new to the ledger begins
     */
    public void configure(Instant from) throws SQLException {
        sources.configure(settings.source(), KIND);
        pulled.list(
                settings.source(),
                metrics.values().stream()
                        .map(metric -> new PulledMetrics.Listed(metric.key(), metric.granularity(), metric.from()))
                        .toList(),
                from);
        for (PulledMetrics.Metric known : pulled.listed(settings.source())) {
            Metric metric = metrics.get(known.key());
            if (metric != null
                    && (known.readUntil().getEpochSecond() % metric.seconds() != 0
                            || known.readAgainUntil().getEpochSecond() % metric.seconds() != 0)) {
                throw new UserError(metric.where() + ": " + metric + " is read until " + known.readUntil()
                        + ", which is no multiple of its force_granularity of " + metric.seconds()
                        + "; go back to the granularity that it had, or give it another alt_name and a from");
            }
        }
    }

    // ---- the route's steps -----------------------------------------------------------------------------------------

    /** Whether there is a window to read now. Where there is none, the ledger is told how far the source is rated. */
    public boolean hasNext(Exchange exchange) {
        context = exchange.getContext();
        next = null;
        if (isStopping() || !retries.isDue(ALL) || !retries.isDue(LEDGER)) {
            return false;
        }
        try {
            pulled.excuseDeclared(settings.source());
            List<PulledMetrics.Metric> known = pulled.listed(settings.source());
            doubt(known);
            retries.forget(LEDGER);
            problems.remove(LEDGER);
            next = schedule.next(known, retries::isDue);
            rate(known);
            report();
        } catch (SQLException e) {
            LOG.debug("the ledger does not answer", e);
            postpone(LEDGER, e);
            return false;
        }
        return next != null;
    }

    /** Reads the window; the body becomes its usage, null where nothing of it is to be committed. */
    public void read(Exchange exchange) throws GnocchiFailure, WindowReader.TooMany, SQLException {
        exchange.getMessage().setHeader(CaravanHeaders.SOURCE, settings.source());
        exchange.getMessage().setHeader(CaravanHeaders.POSITION, next.position());
        checkBacklog();
        WindowReader.Read read = reader.read(next);
        records = read.usage().size();
        exchange.getMessage().setBody(isToBeCommitted(read) ? read.usage() : null);
    }

    /** A metric that nobody knows to be there is not passed over: its window stays until it is seen, or a person decides. */
    private boolean isToBeCommitted(WindowReader.Read read) throws GnocchiFailure, WindowReader.TooMany, SQLException {
        Metric metric = next.metric();
        boolean doubted = doubtful.contains(metric.key());
        if (unseen.contains(metric.key())
                && (read.known()
                        || doubted && reader.read(schedule.newest(metric)).known())) {
            pulled.seen(settings.source(), metric.key());
            LOG.info("source {}: Gnocchi has {}", settings.source(), metric);
            return true;
        }
        if (doubted) {
            missed.add(metric.key());
            retries.postpone(metric.key());
            // it answered, so that it is not away
            retries.forget(ALL);
            problems.remove(ALL);
        }
        return !doubted;
    }

    /** The window is in the ledger. */
    public void committed() {
        schedule.committed(next, records);
        retries.forget(next.metric().key());
        retries.forget(ALL);
        problems.remove(next.metric().key());
        problems.remove(ALL);
        LOG.debug("source {}: {} is in the ledger, {} records", settings.source(), next, records);
    }

    /** The window could not be read or committed; it is read again, and its position stands where it stood. */
    public void failed(Exchange exchange) {
        Throwable failure = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
        if (isStopping()) {
            LOG.info("source {}: {} is left for the next start", settings.source(), next);
        } else if (!(failure instanceof WindowReader.TooMany)) {
            boolean all =
                    failure instanceof GnocchiFailure one ? one.isAway() : Reason.of(failure) instanceof SQLException;
            postpone(all ? ALL : next.metric().key(), failure);
        } else if (!schedule.shorten(next)) {
            postpone(
                    next.metric().key(),
                    GnocchiFailure.refused(next + " has more than " + settings.batchRecords()
                            + " records in one period; raise caravan.gnocchi.batchRecords"));
        }
    }

    private void checkBacklog() throws GnocchiFailure {
        if (settings.maxBacklog() == null) {
            return;
        }
        long backlog = client.backlog();
        if (backlog > settings.maxBacklog()) {
            throw GnocchiFailure.away(
                    "Gnocchi has " + backlog + " measures to process, more than caravan.gnocchi.maxBacklog ("
                            + settings.maxBacklog() + "): what is read now would lack them; see its metricd",
                    null);
        }
    }

    // ---- how it stands ---------------------------------------------------------------------------------------------

    private void doubt(List<PulledMetrics.Metric> known) {
        unseen.clear();
        doubtful.clear();
        for (PulledMetrics.Metric one : known) {
            Metric metric = metrics.get(one.key());
            if (metric != null && one.seenAt() == null) {
                unseen.add(one.key());
            }
            if (metric != null && one.isDoubtful() && !metric.optional()) {
                doubtful.add(one.key());
            }
        }
        missed.retainAll(doubtful);
    }

    private void rate(List<PulledMetrics.Metric> known) throws SQLException {
        Instant until = known.stream()
                .filter(metric -> metrics.containsKey(metric.key()))
                .map(metric -> settings.secondLook().isZero() ? metric.readUntil() : metric.readAgainUntil())
                .min(Instant::compareTo)
                .orElse(Instant.MIN);
        if (doubtful.isEmpty() && until.isAfter(ratedUntil)) {
            sources.ratedUntil(settings.source(), until, false);
            ratedUntil = until;
        }
    }

    private void postpone(String key, Throwable failure) {
        Duration wait = retries.postpone(key);
        String line = failure instanceof GnocchiFailure ? Reason.line(failure.getMessage()) : Reason.line(failure);
        if (!line.equals(problems.put(key, line))) {
            LOG.warn("source {}: tried again in {} s: {}", settings.source(), wait.toSeconds(), line);
        }
        try {
            report();
        } catch (SQLException e) {
            LOG.debug("the ledger can't be told: {}", line, e);
        }
    }

    /** Tells the ledger what is wrong, or that nothing is. */
    private void report() throws SQLException {
        String problem = problems.values().stream()
                .findFirst()
                .orElseGet(
                        () -> missed.stream().map(this::neverSeen).findFirst().orElse(null));
        if (reportedOnce && Objects.equals(problem, reported)) {
            return;
        }
        if (problem == null) {
            sources.succeeded(settings.source());
        } else {
            sources.failed(settings.source(), problem);
        }
        reported = problem;
        reportedOnce = true;
    }

    private String neverSeen(String key) {
        Metric metric = metrics.get(key);
        return metric.where() + ": " + metric
                + " was never seen at Gnocchi, so nobody knows whether its usage is missed:"
                + " correct its name, say optional: true, or declare its first month complete (caravan sources done "
                + settings.source() + " MONTH), which reads on without it";
    }

    private boolean isStopping() {
        return context != null && (context.isStopping() || context.isStopped());
    }
}
