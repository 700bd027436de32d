package org.caravan.ledger.report;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.LongConsumer;
import javax.sql.DataSource;

/**
 * Answers what was used and what it cost. One instance serves a process: it holds its limits. Safe for concurrent use.
 */
public final class Reports {
    private final DataSource dataSource;
    private final ReportSettings settings;
    private final ArchiveReading archive;

    public Reports(DataSource dataSource, ReportSettings settings) {
        this.dataSource = dataSource;
        this.settings = settings;
        this.archive = new ArchiveReading(dataSource, settings);
    }

    public ReportSettings settings() {
        return settings;
    }

    /**
     * Sums by group. Whole days (UTC) come from the roll-up; what begins or ends within a day, hours, and figures that only
     * single records have come from the archive.
     *
     * @throws ReportLimitException if it asks for too much
     * @throws ReportBusyException if it takes too long
     */
    public SummaryPage summary(SummaryQuery query) throws SQLException {
        checkLimit(query.limit());
        if (!query.begin().isBefore(query.end())) {
            return SummaryPage.EMPTY;
        }
        LocalDate first = dayFrom(query.begin());
        LocalDate end = query.end().atOffset(ZoneOffset.UTC).toLocalDate();
        if (query.needsRecords() || !first.isBefore(end)) {
            archive.checkWindow(query.begin(), query.end());
            return archive.inTurn(snapshot -> {
                Groups groups = new Groups(query, settings.maxRows());
                readInto(groups, snapshot, query, query.begin(), query.end());
                return groups.page();
            });
        }
        DaySums.Days days = new DaySums.Days(first, end);
        Instant firstMoment = moment(first);
        Instant lastMoment = moment(end);
        if (firstMoment.equals(query.begin()) && lastMoment.equals(query.end())) {
            return Snapshot.of(dataSource, settings.timeout(), snapshot -> new DaySums(
                            snapshot, query, LineChoice.of(snapshot, query, days))
                    .page());
        }
        return archive.inTurn(snapshot -> {
            Groups groups = new Groups(query, settings.maxRows());
            new DaySums(snapshot, query, LineChoice.of(snapshot, query, days)).addTo(groups, settings.maxRows());
            readInto(groups, snapshot, query, query.begin(), firstMoment);
            readInto(groups, snapshot, query, lastMoment, query.end());
            return groups.page();
        });
    }

    /**
     * Single records, from the archive, in the order in which the ledger took them in.
     *
     * @throws ReportLimitException if it asks for too much
     * @throws ReportBusyException if it takes too long
     */
    public RecordPage records(RecordQuery query) throws SQLException {
        checkLimit(query.limit());
        return records(query, total -> {});
    }

    /**
     * As {@link #records}, for whoever must answer all there is at once: refused if that is more than one answer may hold.
     *
     * @param query without offset; its limit does not count
     */
    public RecordPage allRecords(RecordQuery query) throws SQLException {
        return records(
                new RecordQuery(query.realm(), query.begin(), query.end(), query.filters(), 0, settings.maxRows()),
                this::checkWhole);
    }

    private RecordPage records(RecordQuery query, LongConsumer check) throws SQLException {
        if (!query.begin().isBefore(query.end())) {
            return RecordPage.EMPTY;
        }
        archive.checkWindow(query.begin(), query.end());
        return archive.inTurn(snapshot -> {
            RecordFilter filter = new RecordFilter(query.realm(), query.filters());
            RecordList list = new RecordList(query, filter);
            if (!isWholeDays(query.begin(), query.end())) {
                archive.read(snapshot, query.begin(), query.end(), filter, list);
                check.accept(list.page().total());
                return list.page();
            }
            // how many there are is a sum of days: archives are read only as far as the page reaches
            long total = count(snapshot, query);
            check.accept(total);
            if (query.offset() < total) {
                archive.readUntil(snapshot, query.begin(), query.end(), filter, list, list::isFull);
            }
            return list.page(total);
        });
    }

    private static boolean isWholeDays(Instant begin, Instant end) {
        return begin.equals(begin.truncatedTo(ChronoUnit.DAYS)) && end.equals(end.truncatedTo(ChronoUnit.DAYS));
    }

    private static long count(Connection snapshot, RecordQuery query) throws SQLException {
        SummaryQuery records = new SummaryQuery(
                query.realm(),
                query.begin(),
                query.end(),
                List.of(),
                query.filters(),
                List.of(new Aggregate(Aggregate.Function.COUNT, Aggregate.Measure.QTY, "records")),
                0,
                1);
        DaySums.Days days = new DaySums.Days(dayFrom(query.begin()), dayFrom(query.end()));
        List<SummaryPage.Row> rows = new DaySums(snapshot, records, LineChoice.of(snapshot, records, days))
                .page()
                .rows();
        return rows.isEmpty() ? 0 : rows.get(0).figures().get(0).longValueExact();
    }

    /**
     * For whoever must answer all there is at once.
     *
     * @throws ReportLimitException if that is more than one answer may hold
     */
    public void checkWhole(long rows) {
        if (rows > settings.maxRows()) {
            throw new ReportLimitException("The report has " + rows + " rows, of at most " + settings.maxRows()
                    + " in one answer (caravan.report.maxRows); choose begin and end closer together, or narrow it by"
                    + " tenant or type.");
        }
    }

    private void checkLimit(int limit) {
        if (limit > settings.maxRows()) {
            throw new ReportLimitException("limit is " + limit + ", of at most " + settings.maxRows()
                    + " rows in one answer (caravan.report.maxRows).");
        }
    }

    private void readInto(Groups groups, Connection snapshot, SummaryQuery query, Instant begin, Instant end)
            throws SQLException {
        if (begin.isBefore(end)) {
            RecordFilter filter = new RecordFilter(query.realm(), query.filters());
            archive.read(snapshot, begin, end, filter, new RecordSums(query, filter, groups));
        }
    }

    /** The first day that is whole from this moment on. */
    private static LocalDate dayFrom(Instant moment) {
        LocalDate day = moment.atOffset(ZoneOffset.UTC).toLocalDate();
        return moment.equals(moment(day)) ? day : day.plusDays(1);
    }

    private static Instant moment(LocalDate day) {
        return day.atTime(LocalTime.MIDNIGHT).toInstant(ZoneOffset.UTC);
    }
}
