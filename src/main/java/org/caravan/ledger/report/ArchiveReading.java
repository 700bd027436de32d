package org.caravan.ledger.report;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.caravan.ledger.BilledRecords;
import org.caravan.metering.UsageKey;

/** Reads archives for reports, few at a time: each holds a batch in memory and a processor for as long as it takes. */
final class ArchiveReading {
    private final DataSource dataSource;
    private final ReportSettings settings;
    private final Semaphore places;

    ArchiveReading(DataSource dataSource, ReportSettings settings) {
        this.dataSource = dataSource;
        this.settings = settings;
        this.places = new Semaphore(settings.atOnce(), true);
    }

    /** Runs what is going to read archives, in a snapshot, once there is a place. */
    <T> T inTurn(Snapshot.Work<T> work) throws SQLException {
        try {
            if (!places.tryAcquire(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
                throw Snapshot.tooLong(settings.timeout(), null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Snapshot.tooLong(settings.timeout(), e);
        }
        try {
            return Snapshot.of(dataSource, settings.timeout(), work);
        } finally {
            places.release();
        }
    }

    /** @throws ReportLimitException if that is longer than hours and single records may be asked for */
    void checkWindow(Instant begin, Instant end) {
        if (Duration.between(begin, end).compareTo(settings.maxWindow()) > 0) {
            throw new ReportLimitException("Hours and single records can be asked for over "
                    + settings.maxWindow().toDays() + " days at most (caravan.report.maxWindow); choose begin and end"
                    + " closer together, or group by days.");
        }
    }

    /**
     * Hands on what is billed between the moments.
     *
     * @throws ReportLimitException if more records would have to be looked through than one report may
     */
    void read(Connection snapshot, Instant begin, Instant end, RecordFilter filter, BilledRecords.Taker taker)
            throws SQLException {
        List<BilledRecords.Archived> archives = new BilledRecords(snapshot).archives(begin, end, buckets(filter));
        long records =
                archives.stream().mapToLong(BilledRecords.Archived::records).sum();
        if (records > settings.maxRecords()) {
            throw tooMany("The report would look through " + records + " single records, of at most ");
        }
        readUntil(snapshot, begin, end, filter, taker, () -> false);
    }

    /** As {@link #read}, no further than wanted: only what is read until then counts. */
    void readUntil(
            Connection snapshot,
            Instant begin,
            Instant end,
            RecordFilter filter,
            BilledRecords.Taker taker,
            BooleanSupplier enough)
            throws SQLException {
        long started = System.nanoTime();
        BilledRecords billed = new BilledRecords(snapshot);
        long records = 0;
        for (BilledRecords.Archived archive : billed.archives(begin, end, buckets(filter))) {
            if (enough.getAsBoolean()) {
                return;
            }
            records += archive.records();
            if (records > settings.maxRecords()) {
                throw tooMany("The page lies behind more than ");
            }
            billed.read(archive.batch(), begin, end, taker);
            if (System.nanoTime() - started > settings.timeout().toNanos()) {
                throw Snapshot.tooLong(settings.timeout(), null);
            }
        }
    }

    private ReportLimitException tooMany(String what) {
        return new ReportLimitException(what + settings.maxRecords()
                + " (caravan.report.maxRecords); choose begin and end closer together, or begin and end at midnight (UTC)"
                + " and group by days.");
    }

    private static BitSet buckets(RecordFilter filter) {
        if (filter.tenants() == null) {
            return null;
        }
        BitSet buckets = new BitSet(UsageKey.BUCKETS);
        filter.tenants().forEach(tenant -> buckets.set(UsageKey.bucketOf(tenant)));
        return buckets;
    }
}
