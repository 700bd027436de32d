package org.caravan.hub.inbox;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.caravan.ledger.LedgerConstants;
import org.caravan.ledger.Sources;
import org.caravan.metering.CaravanHeaders;
import org.caravan.metering.Inbox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bean {@code inbox} of the route {@code metering-files}; for the one thread of its consumer. */
public final class InboxSource implements GenericFileFilter<File> {
    /** What the ledger knows such a source as. */
    public static final String KIND = "files";

    private static final Logger LOG = LoggerFactory.getLogger(InboxSource.class);
    private static final String HINT = "mend it and move it back into the inbox, or remove it together with this note;"
            + " what was taken in of it stays and is not billed twice. Until then no further month is closed by itself";
    private static final int NAMES_SHOWN = 3;

    private final String name;
    private final Inbox inbox;
    private final Sources sources;
    private final Duration grace;
    private final Clock clock;
    private final Retries retries;

    /** What the ledger was told last, so that a quiet inbox costs no SQL; {@link #reportedOnce} is false before. */
    private String reported;

    private boolean reportedOnce;
    private Instant ratedUntil = Instant.MIN;
    private String lastFailure;
    private boolean lost;

    /**
     * @param name of the source in the ledger
     * @param grace how long after its end a month waits for late usage
     * @param longestRetry longest wait before a postponed file is read again
     */
    public InboxSource(String name, Inbox inbox, Sources sources, Duration grace, Duration longestRetry, Clock clock) {
        this.name = name;
        this.inbox = inbox;
        this.sources = sources;
        this.grace = grace;
        this.clock = clock;
        this.retries = new Retries(longestRetry, clock);
    }

    /** Makes the source known to the ledger: from here on a month waits for the inbox. */
    public void configure() throws SQLException {
        sources.configure(name, KIND);
    }

    /** True for a usage file that is not waiting for its next try. */
    @Override
    public boolean accept(GenericFile<File> file) {
        Path path = file.getFile().toPath();
        // Links are not followed, and a pipe would be read for ever.
        return inbox.isUsage(file.getFileNameOnly())
                && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                && retries.isDue(file.getFileNameOnly());
    }

    /** The file was read to its end, now or before. */
    public void done(Exchange exchange) throws IOException {
        Path file = file(exchange);
        Optional<Path> target = inbox.done(file, position(exchange), clock.instant());
        if (target.isPresent()) {
            retries.forget(name(file));
            boolean before = Boolean.TRUE.equals(exchange.getMessage().getHeader(LedgerConstants.POSITION_DONE));
            LOG.info(
                    "inbox: {} {}; it lies in {} now",
                    shown(file),
                    before
                            ? "was read before, under this name or another: nothing is billed twice"
                            : "is in the ledger",
                    shown(inbox.directory().relativize(target.get())));
            if (reported != null) {
                report(problem(inbox.waiting(), inbox.failed()));
            }
        } else if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            LOG.info(
                    "inbox: {} changed while it was read; it is read again in {} s",
                    shown(file),
                    retries.postpone(name(file)).toSeconds());
        } else {
            vanished(file);
        }
    }

    /** The file can't be used. */
    public void refused(Exchange exchange) {
        Path file = file(exchange);
        String reason = Reason.line(exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Exception.class));
        try {
            refuse(file, position(exchange), reason);
        } catch (IOException e) {
            postpone(file, e);
        }
    }

    /** Something failed that is not the file's fault: it stays and is tried again. */
    public void later(Exchange exchange) {
        Path file = file(exchange);
        Throwable failure = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            vanished(file);
        } else if (exchange.getContext().isStopping()) {
            LOG.info("inbox: {}", Reason.line(failure));
        } else {
            postpone(file, failure);
        }
    }

    /** Nothing was there to read just now. */
    public void quiet() {
        try {
            look();
            if (lost) {
                LOG.info("inbox: {} is there again", shown(inbox.directory()));
                lost = false;
            }
        } catch (IOException | SQLException e) {
            if (!lost) {
                LOG.warn("inbox: {} can't be looked into, so it is not rated any further: {}", name, Reason.line(e));
                lost = true;
            }
        }
    }

    private void look() throws IOException, SQLException {
        inbox.removeStaleMarks();
        for (Path link : inbox.links()) {
            refuse(link, null, "it is a link, and links are not followed; put the file itself here");
        }
        List<String> waiting = inbox.waiting();
        List<String> failed = inbox.failed();
        retries.keep(waiting);
        Instant until = until();
        if (waiting.isEmpty() && failed.isEmpty() && until.isAfter(ratedUntil)) {
            sources.ratedUntil(name, until, false);
            LOG.info("inbox: empty, so source {} is rated until {}", name, until);
            ratedUntil = until;
        }
        report(problem(waiting, failed));
    }

    private void refuse(Path file, String position, String reason) throws IOException {
        Optional<Path> target = inbox.refused(file, position, reason + "; " + HINT, clock.instant());
        if (target.isEmpty()) {
            LOG.info("inbox: {} is gone or was replaced before it could be refused", shown(file));
            return;
        }
        retries.forget(name(file));
        LOG.warn(
                "inbox: {} is refused and lies in {} now: {}",
                shown(file),
                shown(inbox.directory().relativize(target.get())),
                reason);
        report(shown(file) + " is refused: " + reason);
    }

    private void postpone(Path file, Throwable failure) {
        lastFailure = shown(file) + ": " + Reason.line(failure);
        Duration wait = retries.postpone(name(file));
        LOG.warn("inbox: {} stays and is tried again in {} s: {}", shown(file), wait.toSeconds(), Reason.line(failure));
        if (Reason.of(failure) instanceof SQLTransientConnectionException) {
            // No connection was to be had, and one for telling it would be waited for as long; a quiet look tells it.
            return;
        }
        report(lastFailure);
    }

    private void vanished(Path file) {
        retries.forget(name(file));
        LOG.info("inbox: {} was taken away, by another hub or by a person", shown(file));
    }

    /** What a person has to know of the inbox, or null. */
    private String problem(List<String> waiting, List<String> failed) {
        if (!failed.isEmpty()) {
            return failed.size() + " refused in "
                    + Reason.line(inbox.directory().toString()) + "/.failed: " + shown(failed)
                    + "; each has a note that says why. Until they are mended or removed no month is rated";
        }
        if (!retries.isEmpty()) {
            return lastFailure;
        }
        if (!waiting.isEmpty() && until().isAfter(ratedUntil)) {
            return "usage before " + until() + " may still be in the inbox, which holds " + shown(waiting);
        }
        return null;
    }

    /** Tells the ledger what is wrong, or that nothing is. */
    private void report(String problem) {
        if (reportedOnce && Objects.equals(problem, reported)) {
            return;
        }
        try {
            if (problem == null) {
                sources.succeeded(name);
            } else {
                sources.failed(name, problem);
            }
            reported = problem;
            reportedOnce = true;
        } catch (SQLException e) {
            LOG.debug("the ledger can't be told: {}", problem, e);
        }
    }

    /** The begin of the month that was running when the grace began. */
    private Instant until() {
        return YearMonth.from(clock.instant().minus(grace).atZone(ZoneOffset.UTC))
                .atDay(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    private static Path file(Exchange exchange) {
        GenericFile<?> file = exchange.getProperty(ExchangePropertyKey.FILE_EXCHANGE_FILE, GenericFile.class);
        return ((File) file.getFile()).toPath();
    }

    private static String position(Exchange exchange) {
        return exchange.getMessage().getHeader(CaravanHeaders.POSITION, String.class);
    }

    private static String shown(List<String> names) {
        List<String> first = names.stream().sorted().limit(NAMES_SHOWN).toList();
        int more = names.size() - first.size();
        return Reason.line(String.join(", ", first)) + (more == 0 ? "" : " and " + more + " more");
    }

    private static String shown(Path path) {
        return Reason.line(path.isAbsolute() ? name(path) : path.toString());
    }
}
