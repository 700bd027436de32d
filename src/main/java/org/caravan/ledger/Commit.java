package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.caravan.metering.Rejected;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;

/**
 * The commit of one batch, from lock to COMMIT, in the order that the design fixes: positions, buckets, billed time,
 * entries, archive, epochs. One object, one batch, one transaction.
 */
final class Commit {
    private final Ledger ledger;
    private final UsageBatch batch;
    private final BatchKeys keys;
    private final ArchiveEncoder.Pending archive;
    private final Decision decision;
    private final Companion companion;
    private final Witness witness;
    private final QuarantineWriter quarantine;
    private final SetAside setAside;
    private final Duration lockTimeout;

    private Positions positions;
    private List<Integer> buckets;
    private long batchId;
    private NewUsage usage;
    private int rejectsRead;
    private int skipped;

    /**
     * @param decision what the batch's records were in quarantine for, or null for usage that comes in
     * @param companion what else belongs into the transaction, or null
     * @param lockTimeout longest wait for one lock
     */
    Commit(
            Ledger ledger,
            UsageBatch batch,
            BatchKeys keys,
            ArchiveEncoder.Pending archive,
            Decision decision,
            Companion companion,
            Duration lockTimeout) {
        this.ledger = ledger;
        this.batch = batch;
        this.keys = keys;
        this.archive = archive;
        this.decision = decision;
        this.companion = companion;
        this.quarantine = new QuarantineWriter(batch.positions(), ledger.settings(), ledger.clock());
        this.witness = companion == null ? null : new Witness(quarantine);
        this.setAside = decision != null ? decision : companion != null ? witness : quarantine;
        this.lockTimeout = lockTimeout;
    }

    /** The buckets whose memory this commit may have changed; empty before they were locked. */
    List<Integer> touchedBuckets() {
        return buckets == null ? List.of() : buckets;
    }

    /**
     * Does everything but COMMIT.
     *
     * @return what is going to hold; {@code batch} is 0 if there is nothing to commit but the position. Null if a record
     *     to decide is not held any more, or the companion says so: roll back
     */
    CommitResult prepare(Connection connection) throws SQLException {
        LockWait.begin(connection, lockTimeout);
        if (companion != null && !companion.claim(connection)) {
            return null;
        }
        if (decision != null && !decision.lock(connection)) {
            return null;
        }
        positions = Positions.lock(connection, batch.positions());
        if (positions.allCommitted()) {
            skipped = batch.records();
            accompany(connection);
            return result();
        }
        if (!batch.windows().isEmpty()) {
            SampleClaims.take(connection, batch.windows());
        }
        if (!keys.isEmpty()) {
            lockBuckets(connection);
        }
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("select nextval('batch_id')")) {
            // drawn under the locks: whoever sees a higher epoch in a bucket sees all batches below it there
            row.next();
            batchId = row.getLong(1);
        }
        if (!keys.isEmpty()) {
            KeyIds.resolve(ledger, connection, unresolvedKeys());
            Correction correction = decision == null ? null : decision.correction(connection, batch);
            long firstBegin =
                    correction == null ? keys.firstBegin() : Math.min(keys.firstBegin(), correction.firstBegin());
            usage = new NewUsage(
                    ledger, batch, keys, positions, batchId, closedThrough(connection, firstBegin), setAside);
            if (correction != null) {
                usage.correct();
                correction.reverse(connection, usage);
            }
            usage.find(connection);
            if (correction != null && correction.isNeeded() && accepted() != 1) {
                throw new IllegalStateException("the place of an accepted record is not free; run caravan audit");
            }
            skipped += usage.skipped();
        }
        quarantineRejects();
        if (read() == 0 || decision != null && accepted() == 0) {
            // a record tried in vain leaves no batch
            batchId = 0;
            positions.advance(connection, 0);
        } else {
            write(connection);
        }
        if (decision != null) {
            decision.write(connection, batch, usage, batchId);
        }
        accompany(connection);
        return result();
    }

    private void accompany(Connection connection) throws SQLException {
        if (companion != null) {
            companion.write(connection, RecordResults.of(batch, usage, witness, positions));
        }
    }

    /** Remembers what held; called after COMMIT was answered. */
    void committed() {
        ledger.terms().committed();
        if (batchId != 0 && accepted() > 0) {
            ledger.billedTime().committed(buckets, batchId);
            ledger.archives().remember(usage.billed());
        }
    }

    private CommitResult result() {
        return new CommitResult(
                batchId,
                read(),
                accepted(),
                usage == null ? 0 : usage.duplicates(),
                conflicts(),
                setAside.unusable(),
                usage == null ? 0 : usage.unpriced(),
                skipped);
    }

    private int read() {
        return rejectsRead + (usage == null ? 0 : usage.read());
    }

    private int accepted() {
        return usage == null ? 0 : usage.accepted();
    }

    private int conflicts() {
        return setAside.conflicts();
    }

    // ---- locks and ids -------------------------------------------------------------------------------------------

    private void lockBuckets(Connection connection) throws SQLException {
        List<Integer> ids = keys.buckets().stream().boxed().toList();
        SortedMap<Integer, Long> epochs = Buckets.lock(connection, ids);
        buckets = ids;
        ledger.billedTime().refresh(connection, epochs, ledger.nextStamp());
    }

    /** Usually none: a key is resolved once and used by many batches. */
    private List<UsageKey> unresolvedKeys() {
        List<UsageKey> unresolved = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            if (keys.state(i) != null && !keys.state(i).isResolved()) {
                unresolved.add(keys.key(i));
            }
        }
        return unresolved;
    }

    /** Of the batch's tenants; usually nothing is closed that concerns it, and then nothing is looked up per entry. */
    private ClosedThrough closedThrough(Connection connection, long firstBegin) throws SQLException {
        YearMonth from = Months.of(Months.ofMicros(firstBegin));
        if (!ClosedThrough.any(connection, from)) {
            return ClosedThrough.nothing();
        }
        Set<Integer> tenants = new HashSet<>();
        for (int i = 0; i < keys.size(); i++) {
            if (keys.state(i) != null) {
                tenants.add(keys.state(i).series.tenant);
            }
        }
        return ClosedThrough.read(connection, tenants, from);
    }

    private void quarantineRejects() {
        for (Rejected rejected : batch.rejected()) {
            if (positions.isCommitted(rejected.positionIndex(), rejected.position())) {
                skipped++;
                continue;
            }
            rejectsRead++;
            setAside.unusable(rejected);
        }
    }

    // ---- writing -------------------------------------------------------------------------------------------------

    private void write(Connection connection) throws SQLException {
        if (accepted() > 0) {
            EntryColumns entries = usage.entries();
            ledger.terms().resolvePrices(connection, entries.prices());
            entries.send(connection, batchId, ledger.terms());
        }
        if (accepted() > 0 && !usage.told().isEmpty()) {
            writeTold(connection, usage.told());
        }
        quarantine.write(connection, batchId);
        writeBatch(connection);
        if (accepted() > 0) {
            Buckets.raise(connection, buckets, batchId);
        }
        positions.advance(connection, batchId);
    }

    private void writeTold(Connection connection, List<NewUsage.Told> told) throws SQLException {
        CopyWriter out = new CopyWriter(told.size(), 200);
        for (NewUsage.Told one : told) {
            KeyState key = one.key();
            out.startRow(9);
            out.int4(key.series.tenant);
            out.int4(key.series.datacenter);
            out.int4(key.series.resource);
            out.int4(key.series.meter);
            out.int4(key.series.identity);
            out.timestamptz(one.since());
            out.int8(batchId);
            out.int2(key.series.memory.id);
            out.text(key.metadata);
        }
        out.send(
                connection,
                "copy resource (tenant, datacenter, resource, meter, identity, since, batch, bucket, metadata)"
                        + " from stdin (format binary)");
    }

    private void writeBatch(Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into batch (id, committed_at, source, first_begin, last_end, buckets, records, accepted, duplicate,
                                   conflict, quarantined, unpriced, archive, archive_digest, accepted_rows)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)) {
            BitSet touched = new BitSet();
            touchedBuckets().forEach(touched::set);
            insert.setLong(1, batchId);
            insert.setObject(2, ledger.clock().instant().atOffset(ZoneOffset.UTC));
            insert.setString(3, source());
            insert.setObject(4, accepted() == 0 ? null : time(usage.firstBegin()));
            insert.setObject(5, accepted() == 0 ? null : time(usage.lastEnd()));
            insert.setBytes(6, touched.toByteArray());
            insert.setInt(7, read());
            insert.setInt(8, accepted());
            insert.setInt(9, usage == null ? 0 : usage.duplicates());
            insert.setInt(10, conflicts());
            insert.setInt(11, setAside.unusable());
            insert.setInt(12, usage == null ? 0 : usage.unpriced());
            insert.setBytes(13, accepted() == 0 ? null : archive.bytes());
            insert.setBytes(14, accepted() == 0 ? null : archive.digest());
            insert.setBytes(15, accepted() == 0 ? null : usage.acceptedRows());
            insert.executeUpdate();
        }
    }

    private String source() {
        if (decision != null) {
            return Quarantine.SOURCE;
        }
        return batch.positions().isEmpty() ? null : batch.positions().get(0).source();
    }

    private static OffsetDateTime time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }
}
