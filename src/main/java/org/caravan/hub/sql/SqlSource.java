package org.caravan.hub.sql;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Message;
import org.caravan.common.UserError;
import org.caravan.ledger.LedgerConstants;
import org.caravan.ledger.Sources;
import org.caravan.ledger.SqlWatermarks;
import org.caravan.metering.CaravanHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bean {@code sql} of the route {@code metering-sql}; for the one thread of its timer. */
public final class SqlSource {
    /** What the ledger knows such a source as. */
    public static final String KIND = "sql";

    private static final Logger LOG = LoggerFactory.getLogger(SqlSource.class);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    /** Rows that are remembered as read: those of the overlap need not be committed again and again. */
    private static final int MAX_SEEN = 200_000;

    private static final String SWEEP = "CaravanSqlSweep";
    private static final String PAGE = "CaravanSqlPage";
    private static final String MORE = "CaravanSqlMore";
    private static final String FIRST = "CaravanSqlFirst";
    private static final String NEW = "CaravanSqlNew";

    private final SqlSettings settings;
    private final DataSource database;
    private final SqlWatermarks watermarks;
    private final Sources sources;
    private final Clock clock;
    private final SqlTimes times;
    private final MessageDigest digest;
    private final Map<Long, Boolean> seen = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
            return size() > MAX_SEEN;
        }
    };

    private SqlTimes.Kind kind;
    private Duration wait = Duration.ZERO;
    private Instant due = Instant.MIN;
    private String failure;
    private boolean toldOnce;

    /** One reading of the table, from low to high. */
    private static final class Sweep {
        private final Instant high;
        private long pages;
        private boolean left;

        Sweep(Instant high, long pages) {
            this.high = high;
            this.pages = pages;
        }
    }

    /** @param database that is read */
    public SqlSource(
            SqlSettings settings, DataSource database, SqlWatermarks watermarks, Sources sources, Clock clock) {
        this.settings = settings;
        this.database = database;
        this.watermarks = watermarks;
        this.sources = sources;
        this.clock = clock;
        this.times = new SqlTimes(settings.zone());
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Makes the source known to the ledger: from here on a month waits for the table. */
    public void configure() throws SQLException {
        sources.configure(settings.source(), KIND);
    }

    // ---- the route's steps -----------------------------------------------------------------------------------------

    /** Finds where reading goes on and how far it may go now. */
    public void begin(Exchange exchange) throws SQLException {
        Instant now = clock.instant();
        exchange.setProperty(MORE, false);
        if (now.isBefore(due)) {
            return;
        }
        SqlTimes.Kind known = kind();
        SqlWatermarks.Place place = watermarks.find(settings.source());
        Instant high = now.minus(settings.delay()).truncatedTo(ChronoUnit.MICROS);
        Instant low =
                place.watermark() == null ? settings.start() : place.watermark().minus(settings.overlap());
        exchange.setProperty(SWEEP, new Sweep(high, place.pages()));
        exchange.setProperty(MORE, low.isBefore(high));
        exchange.setProperty(FIRST, true);
        Message message = exchange.getMessage();
        message.setHeader("caravanLow", times.value(low, known));
        message.setHeader("caravanHigh", times.value(high, known));
    }

    /** Makes a page of the rows in the body, without those that are known. */
    public void page(Exchange exchange) {
        List<?> rows = exchange.getMessage().getBody(List.class);
        // one more was asked for: it tells whether there is a next page
        boolean more = rows.size() > settings.pageRows();
        for (int i = 0; i < rows.size(); i++) {
            check((SqlRow) rows.get(i), i == 0 ? null : (SqlRow) rows.get(i - 1));
        }
        int size = Math.min(rows.size(), settings.pageRows());
        Sweep sweep = exchange.getProperty(SWEEP, Sweep.class);
        SqlRow last = size == 0 ? null : (SqlRow) rows.get(size - 1);
        SqlPage page =
                new SqlPage(settings.source(), sweep.pages, last == null ? sweep.high : last.moment(), watermarks);
        for (int i = 0; i < size; i++) {
            SqlRow row = (SqlRow) rows.get(i);
            long known = digest(row);
            if (!seen.containsKey(known)) {
                page.add(known, row.record());
            }
        }
        exchange.setProperty(PAGE, page);
        exchange.setProperty(NEW, page.size());
        exchange.setProperty(MORE, more);
        exchange.setProperty(FIRST, false);
        exchange.setProperty(LedgerConstants.COMPANION, page);
        exchange.getMessage().setHeader(CaravanHeaders.SOURCE, settings.source());
        exchange.getMessage().setBody(page);
        if (last != null) {
            exchange.getMessage().setHeader("caravanWatermark", last.watermark());
            exchange.getMessage().setHeader("caravanTie", last.tie());
        }
    }

    /** The page is in the ledger, or another hub has read on. */
    public void committed(Exchange exchange) {
        SqlPage page = exchange.getProperty(PAGE, SqlPage.class);
        Sweep sweep = exchange.getProperty(SWEEP, Sweep.class);
        if (!page.isClaimed()) {
            LOG.info("sql: another hub reads {}; this one looks again later", settings.source());
            sweep.left = true;
            exchange.setProperty(MORE, false);
            return;
        }
        sweep.pages++;
        page.digests().forEach(known -> seen.put(known, true));
    }

    /** All pages were read. */
    public void complete(Exchange exchange) throws SQLException {
        Sweep sweep = exchange.getProperty(SWEEP, Sweep.class);
        if (sweep == null) {
            return;
        }
        if (!sweep.left && watermarks.finish(settings.source(), sweep.pages, sweep.high)) {
            sources.ratedUntil(settings.source(), until(sweep.high), false);
        }
        wait = Duration.ZERO;
        if (failure != null || !toldOnce) {
            sources.succeeded(settings.source());
            toldOnce = true;
            failure = null;
        }
    }

    /** Reading failed; nothing of the page at work holds. */
    public void failed(Exchange exchange) {
        Throwable caught = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
        String reason = SqlFailure.line(caught);
        wait = wait.isZero() ? FIRST_RETRY : wait.multipliedBy(2);
        wait = wait.compareTo(settings.longestRetry()) > 0 ? settings.longestRetry() : wait;
        due = clock.instant().plus(wait);
        LOG.warn(
                "sql: {} can't be read now and is tried again in {} s: {}",
                settings.source(),
                wait.toSeconds(),
                reason);
        if (!reason.equals(failure)) {
            try {
                sources.failed(settings.source(), reason);
                failure = reason;
            } catch (SQLException e) {
                LOG.debug("the ledger can't be told: {}", reason, e);
            }
        }
    }

    // ---- rows ------------------------------------------------------------------------------------------------------

    private static void check(SqlRow row, SqlRow before) {
        if (row.tie() == null) {
            throw new UserError("caravan.sql.tieBreaker: is null in a row of watermark " + row.watermark()
                    + "; name a column that tells all rows apart, such as the primary key");
        }
        if (before != null
                && row.watermark().equals(before.watermark())
                && row.tie().equals(before.tie())) {
            throw new UserError("caravan.sql.tieBreaker: two rows of watermark " + row.watermark() + " have the value "
                    + row.tie() + "; name a column that tells all rows apart, such as the primary key");
        }
    }

    private long digest(SqlRow row) {
        digest.update((row.watermark() + "\0" + row.tie() + "\0").getBytes(StandardCharsets.UTF_8));
        byte[] full = digest.digest(row.record().getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.wrap(full).getLong() & Long.MAX_VALUE;
    }

    private SqlTimes.Kind kind() throws SQLException {
        if (kind == null) {
            try (Connection connection = database.getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet none = statement.executeQuery(settings.query().shape())) {
                kind = SqlTimes.kind(none.getMetaData(), 1);
                if (kind == SqlTimes.Kind.NONE) {
                    String type = none.getMetaData().getColumnTypeName(1);
                    kind = null;
                    throw new UserError(
                            "caravan.sql.watermark: " + settings.query().watermark() + " is " + type
                                    + "; name a column of time, such as when the row was written");
                }
            }
        }
        return kind;
    }

    /** The begin of the month that was running when the grace before this moment began. */
    private Instant until(Instant read) {
        return YearMonth.from(read.minus(settings.grace()).atZone(ZoneOffset.UTC))
                .atDay(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
    }
}
