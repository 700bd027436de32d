package org.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits batches. One instance serves all routes of a process; it is safe for concurrent use.
 *
 * <p>The database must have the schema of {@code db/migration}; see {@link LedgerSchema}.
 */
public final class Ledger {
    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

    private final DataSource dataSource;
    private final LedgerSettings settings;
    private final Clock clock;

    /**
     * Within a process one batch commits at a time: billed time, terms and archives in memory have one writer. Between
     * processes the bucket rows do the same per bucket.
     */
    private final ReentrantLock committing = new ReentrantLock(true);

    // guarded by committing
    private final Terms terms = new Terms();
    private final BilledTime billedTime = new BilledTime();
    private final Archives archives;
    private final ArchiveEncoder archiveEncoder = new ArchiveEncoder();
    private final Set<Integer> readyMonths = new HashSet<>();
    private int lastReadyMonth = -1;
    private long stamps;

    public Ledger(DataSource dataSource, LedgerSettings settings, Clock clock) {
        this.dataSource = dataSource;
        this.settings = settings;
        this.clock = clock;
        this.archives = new Archives(this, settings.recentBatches());
    }

    /** The time by its clock. */
    Instant now() {
        return clock.instant();
    }

    /**
     * Commits a rated batch in one transaction: positions, billed time, entries, archive, quarantine. Either all of it
     * holds or nothing does; committing the same batch again changes nothing.
     *
     * @throws SQLException if the database refuses; nothing was committed unless the answer to COMMIT itself was lost,
     *     which the next try of the same batch finds out
     */
    public CommitResult commit(UsageBatch batch) throws SQLException {
        return commit(batch, null, null, true);
    }

    /**
     * As {@link #commit(UsageBatch)}, with what else belongs into the transaction.
     *
     * @return null if the companion says that nothing is to be done
     */
    public CommitResult commit(UsageBatch batch, Companion companion) throws SQLException {
        return commit(batch, null, companion, true);
    }

    /**
     * Commits held records and what becomes of them in one transaction.
     *
     * @return null if a record is not held any more; nothing was done then
     */
    CommitResult decide(UsageBatch batch, Decision decision) throws SQLException {
        return commit(batch, decision, null, true);
    }

    /** Does what {@link #decide} would do and takes it back, so that the decision can tell what it would come to. */
    CommitResult tryOut(UsageBatch batch, Decision decision) throws SQLException {
        return commit(batch, decision, null, false);
    }

    private CommitResult commit(UsageBatch batch, Decision decision, Companion companion, boolean forKeeps)
            throws SQLException {
        if (batch.size() > 0 && !batch.isPriced()) {
            throw new IllegalArgumentException("the batch was not rated: put caravan-rating before caravan-ledger");
        }
        committing.lock();
        try {
            needMonths(batch);
            return Retry.call(() -> LockWait.call(
                    dataSource,
                    settings.lockWait(),
                    lockTimeout -> commit(batch, decision, companion, forKeeps, lockTimeout)));
        } finally {
            committing.unlock();
        }
    }

    /** True if a source's position was read to its end: what it named then needs no reading again. */
    public boolean isDone(String source, String key) throws SQLException {
        return new LedgerReader(dataSource).isDone(source, key);
    }

    private CommitResult commit(
            UsageBatch batch, Decision decision, Companion companion, boolean forKeeps, Duration lockTimeout)
            throws SQLException {
        BatchKeys keys = BatchKeys.of(this, batch);
        try (ArchiveEncoder.Pending archive = archiveEncoder.start(batch, keys);
                Connection connection = dataSource.getConnection()) {
            return commit(
                    connection, new Commit(this, batch, keys, archive, decision, companion, lockTimeout), forKeeps);
        }
    }

    private CommitResult commit(Connection connection, Commit commit, boolean forKeeps) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        boolean held = false;
        try {
            CommitResult result = commit.prepare(connection);
            if (result == null || !forKeeps) {
                return result;
            }
            connection.commit();
            held = true;
            commit.committed();
            billedTime.trim(settings.maxSeriesInMemory());
            billedTime.betweenCommits(connection);
            return result;
        } finally {
            if (!held) {
                // whatever the failure left in memory, COMMIT may even have held: read it again
                terms.forget();
                billedTime.forget(commit.touchedBuckets());
                rollback(connection);
            }
            if (!connection.isClosed()) {
                connection.setAutoCommit(autoCommit);
            }
        }
    }

    static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            LOG.debug("rollback failed; the connection is gone", e);
        }
    }

    private void needMonths(UsageBatch batch) {
        long from = 0;
        long to = 0;
        for (int row = 0; row < batch.size(); row++) {
            long begin = batch.begin(row);
            if ((begin < from || begin >= to) && !batch.isRejected(row)) {
                int month = Months.ofMicros(begin);
                needMonth(month);
                from = Months.startMicros(month);
                to = Months.startMicros(month + 1);
            }
        }
    }

    /** Makes sure that a month has its partitions; they are made in a transaction of their own. */
    void needMonth(int month) {
        if (month != lastReadyMonth && !readyMonths.contains(month)) {
            LedgerSchema.ensureMonth(dataSource, Months.of(month));
            readyMonths.add(month);
        }
        lastReadyMonth = month;
    }

    /** The series of a key if this process knows it, found without asking the database; else null. */
    SeriesState knownSeries(UsageKey key) {
        if (key.tenant() == null) {
            return null;
        }
        KeyState state = KeyState.of(this, key);
        if (state.series != null && state.series.memory.alive) {
            return state.series;
        }
        BucketMemory bucket = billedTime.bucket(key.bucket());
        TenantRef tenant = terms.tenant(Terms.TenantName.of(key));
        if (bucket == null || tenant == null) {
            return null;
        }
        int datacenter = terms.known(key.datacenter());
        int meter = terms.known(key.meter().name());
        int resource = terms.known(key.resource());
        int identity = terms.known(key.identity());
        SeriesState series = bucket.find(tenant.id(), datacenter, meter, resource, identity);
        if (series != null) {
            state.series = series;
            state.idsKnown = false;
        }
        return series;
    }

    long nextStamp() {
        return ++stamps;
    }

    LedgerSettings settings() {
        return settings;
    }

    Clock clock() {
        return clock;
    }

    Terms terms() {
        return terms;
    }

    BilledTime billedTime() {
        return billedTime;
    }

    Archives archives() {
        return archives;
    }
}
