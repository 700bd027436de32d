package org.caravan.hub.samples;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.caravan.common.UserError;
import org.caravan.ledger.PushedPositions;
import org.caravan.ledger.SampleSettings;
import org.caravan.ledger.SampleStatus;
import org.caravan.ledger.SampleStore;
import org.caravan.ledger.SampleWindows;
import org.caravan.ledger.SamplesChanged;
import org.caravan.ledger.Sources;
import org.caravan.metering.Inbox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bean {@code ceilometer} of the route {@code metering-ceilometer-windows}; for its one thread. */
public final class SampleSource {
    /** What the ledger knows usage made of samples as. */
    public static final String KIND = "samples";

    /** What the ledger knows samples that are pushed as. */
    public static final String PUSH_KIND = "samples-push";

    /** How long a push is known by its digest; after that its samples' ids tell that they are known. */
    private static final Duration PUSH_KNOWN = Duration.ofDays(7);

    private static final Logger LOG = LoggerFactory.getLogger(SampleSource.class);

    private final SampleSettings settings;
    private final SampleWindows windows;
    private final SampleStore store;
    private final Sources sources;
    private final PushedPositions pushed;
    private final SampleStatus.Reader status;
    private final Inbox inbox;
    private final String push;
    private final Duration grace;
    private final Clock clock;

    private String reported = "";
    private Instant madeUntil = Instant.MIN;
    private Instant pushedUntil = Instant.MIN;
    private volatile SampleStatus last = SampleStatus.NOTHING;

    /**
     * @param inbox that files of samples are put into, or null
     * @param push name of the source of pushed samples, or null
     * @param grace how long after its end a month waits for late samples
     */
    public SampleSource(
            SampleSettings settings,
            SampleWindows windows,
            SampleStore store,
            Sources sources,
            PushedPositions pushed,
            SampleStatus.Reader status,
            Inbox inbox,
            String push,
            Duration grace,
            Clock clock) {
        this.settings = settings;
        this.windows = windows;
        this.store = store;
        this.sources = sources;
        this.pushed = pushed;
        this.status = status;
        this.inbox = inbox;
        this.push = push;
        this.grace = grace;
        this.clock = clock;
    }

    /** Makes the sources known to the ledger: from here on a month waits for them. */
    public void configure() throws SQLException {
        sources.configure(settings.source(), KIND);
        if (push != null) {
            sources.configure(push, PUSH_KIND);
        }
    }

    /** What was last seen of the samples. */
    public SampleStatus status() {
        return last;
    }

    // ---- the route's steps -----------------------------------------------------------------------------------------

    /** The usage of the next hours that are due becomes the body; null where nothing is. */
    public void next(Exchange exchange) throws SQLException, IOException {
        boolean stopping = exchange.getContext().isStopping();
        // what a file brings next may be of any time, so no hour is complete while one waits
        boolean wait = stopping || inbox != null && !inbox.waiting().isEmpty();
        exchange.getMessage().setBody(wait ? null : windows.next());
    }

    /** All that was due is in the ledger. */
    public void made(Exchange exchange) throws SQLException, IOException {
        if (exchange.getContext().isStopping()) {
            return;
        }
        ratePushed();
        Instant until = inbox != null && !inbox.waiting().isEmpty() ? null : windows.madeUntil();
        if (until != null && until.isAfter(madeUntil)) {
            sources.ratedUntil(settings.source(), until, false);
            madeUntil = until;
        }
        int pruned = store.prune(settings.retention());
        if (pruned > 0) {
            LOG.info(
                    "samples: {} that usage was made of were removed; caravan.ceilometer.retention keeps them", pruned);
        }
        if (push != null) {
            pushed.forget(push, PUSH_KNOWN);
        }
        SampleStatus now = status.read();
        if (now.lateOpen() > last.lateOpen()) {
            LOG.warn(
                    "samples: {} came after usage of their hour was made, the first of {} at {}; caravan sources lists them,"
                            + " caravan sources recollect TENANT HOUR makes the usage again",
                    now.lateOpen(),
                    now.lateHours().get(0).tenant(),
                    now.lateHours().get(0).begin());
        }
        last = now;
        report(null);
    }

    /** Something failed: the next round begins where the ledger stands. */
    public void failed(Exchange exchange) {
        Throwable failure = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SamplesChanged) {
                LOG.debug("{}", cause.getMessage());
                return;
            }
        }
        Throwable reason = failure;
        while (!(reason instanceof UserError || reason instanceof SQLException) && reason.getCause() != null) {
            reason = reason.getCause();
        }
        String line = String.valueOf(reason.getMessage()).strip().replaceAll("\\s*\\R\\s*", "; ");
        LOG.warn("samples: no usage could be made of them, it is tried again: {}", line);
        report(line);
    }

    /** Nobody can tell whether more will be pushed: a month is taken to be complete when its grace is over. */
    private void ratePushed() throws SQLException {
        if (push == null) {
            return;
        }
        Instant until = YearMonth.from(clock.instant().minus(grace).atZone(ZoneOffset.UTC))
                .atDay(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
        if (until.isAfter(pushedUntil)) {
            sources.ratedUntil(push, until, false);
            pushedUntil = until;
        }
    }

    private void report(String problem) {
        if (Objects.equals(problem, reported)) {
            return;
        }
        try {
            if (problem == null) {
                sources.succeeded(settings.source());
            } else {
                sources.failed(settings.source(), problem);
            }
            reported = problem;
        } catch (SQLException e) {
            LOG.debug("the ledger can't be told: {}", problem, e);
        }
    }
}
