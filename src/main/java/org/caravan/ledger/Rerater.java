package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bills what is billed already at other prices, by entries of its own: what a record is billed with is taken back, and what
 * it costs today is billed. Archives stay as they are; what re-rated a record is kept beside them ({@code repriced}).
 *
 * <p>A portion is one transaction under the buckets of its tenants, and compares under them what is billed with what it
 * should be: so the same portion again, or by two hubs at once, bills once, and ingest, close and accepted records may go on
 * meanwhile. Shares nothing with a {@link Ledger} in memory: to that it is one more hub. For one thread.
 */
public final class Rerater {
    /** What the name of a batch's source says where it holds the entries of a re-rating. */
    public static final String SOURCE = "rerate";

    private static final Logger LOG = LoggerFactory.getLogger(Rerater.class);

    /** Of the heap, for the keys of archives. */
    private static final int PART_OF_HEAP = 12;

    private final DataSource dataSource;
    private final LedgerSettings settings;
    private final Clock clock;
    private final ArchiveKeys keys;
    private final Terms terms = new Terms();
    private final RerateKeys ids = new RerateKeys();
    private final Set<Integer> readyMonths = new HashSet<>();

    /** @param meters what prices each meter today */
    public Rerater(DataSource dataSource, LedgerSettings settings, MeterCatalog meters, Clock clock) {
        this.dataSource = dataSource;
        this.settings = settings;
        this.clock = clock;
        this.keys = new ArchiveKeys(null, Runtime.getRuntime().maxMemory() / PART_OF_HEAP, meter -> meters.meter(meter)
                .pricing());
    }

    /**
     * Re-rates a portion in one transaction.
     *
     * @param batches ids, as {@link RerateBatches} gave them
     * @param rater prices every record of a batch, as {@code Rater.rate} does
     * @return false if the step did not want it: nothing was done
     * @throws IllegalStateException if an archive is gone or damaged
     */
    public boolean rerate(RerateScope scope, List<Long> batches, Consumer<UsageBatch> rater, RerateStep step)
            throws SQLException {
        List<RerateBatch> rated = rate(scope, batches, rater);
        return Retry.call(() -> LockWait.call(dataSource, settings.lockWait(), timeout -> {
            try (Connection connection = dataSource.getConnection()) {
                return inTransaction(connection, scope, rated, step, timeout);
            }
        }));
    }

    /**
     * What {@link #rerate} would come to; writes nothing.
     *
     * @param snapshot within a transaction of one snapshot (repeatable read)
     * @param credited of all tenants of the scope, where it is one of issued months
     */
    public Map<Integer, RerateSums> preview(
            Connection snapshot,
            RerateScope scope,
            List<Long> batches,
            Consumer<UsageBatch> rater,
            BilledLine.Credited credited)
            throws SQLException {
        RerateDecision decision = new RerateDecision(scope, rate(snapshot, scope, batches, rater));
        if (!decision.tenants().isEmpty()) {
            decision.find(snapshot, credited);
        }
        return decision.sums();
    }

    private List<RerateBatch> rate(RerateScope scope, List<Long> batches, Consumer<UsageBatch> rater)
            throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return rate(connection, scope, batches, rater);
        }
    }

    private List<RerateBatch> rate(
            Connection connection, RerateScope scope, Collection<Long> batches, Consumer<UsageBatch> rater)
            throws SQLException {
        List<RerateBatch> rated = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                "select id, archive, archive_digest, accepted_rows from batch where id = any (?) order by id")) {
            select.setArray(1, connection.createArrayOf("int8", batches.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    BilledBatch billed = Archives.decode(
                            row.getLong(1), row.getBytes(2), row.getBytes(3), row.getBytes(4), keys, true);
                    RerateBatch batch = RerateBatch.of(billed, scope, rater);
                    if (batch.rows.length > 0) {
                        rated.add(batch);
                    }
                }
            }
        }
        return rated;
    }

    private boolean inTransaction(
            Connection connection, RerateScope scope, List<RerateBatch> rated, RerateStep step, Duration timeout)
            throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        boolean held = false;
        try {
            LockWait.begin(connection, timeout);
            if (!step.begin(connection)) {
                return false;
            }
            step.end(connection, rated.isEmpty() ? Map.of() : write(connection, scope, rated, step));
            connection.commit();
            held = true;
            terms.committed();
            return true;
        } finally {
            if (!held) {
                terms.forget();
                ids.forget();
                rollback(connection);
            }
            if (!connection.isClosed()) {
                connection.setAutoCommit(autoCommit);
            }
        }
    }

    private static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            LOG.debug("rollback failed; the connection is gone", e);
        }
    }

    private Map<Integer, RerateSums> write(
            Connection connection, RerateScope scope, List<RerateBatch> rated, RerateStep step) throws SQLException {
        RerateDecision decision = new RerateDecision(scope, rated);
        TreeSet<Integer> buckets = new TreeSet<>();
        decision.tenants().values().forEach(tenant -> buckets.add(tenant.bucket()));
        Buckets.lock(connection, buckets);
        decision.find(
                connection,
                scope.issued() ? step.credited(connection, decision.tenants().keySet()) : null);
        if (!decision.isEmpty()) {
            long batch = drawBatch(connection);
            Map<UsageKey, TenantRef> changed = new HashMap<>();
            decision.changes().forEach(change -> changed.put(change.records().key(change.row()), change.tenant()));
            ids.resolve(terms, connection, changed);
            EntryColumns entries = decision.entries(connection, this::needMonth).columns();
            terms.resolvePrices(connection, entries.prices());
            entries.send(connection, batch, terms);
            writeBatch(connection, scope.order(), batch, decision);
            writeRepriced(connection, batch, decision.repriced());
            Buckets.raise(connection, decision.buckets(), batch);
        }
        return decision.sums();
    }

    /** Under the locks, as every batch draws its id. */
    private static long drawBatch(Connection connection) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("select nextval('batch_id')")) {
            row.next();
            return row.getLong(1);
        }
    }

    private void needMonth(int month) {
        if (readyMonths.add(month)) {
            LedgerSchema.ensureMonth(dataSource, Months.of(month));
        }
    }

    private void writeBatch(Connection connection, long order, long batch, RerateDecision decision)
            throws SQLException {
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (RerateDecision.Change change : decision.changes()) {
            first = Math.min(first, change.records().begin(change.row()));
            last = Math.max(last, change.records().end(change.row()));
        }
        BitSet touched = new BitSet();
        decision.buckets().forEach(touched::set);
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into batch (id, committed_at, source, first_begin, last_end, buckets, records, accepted, duplicate,
                                   conflict, quarantined, unpriced, rerating)
                values (?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, ?)
                """)) {
            insert.setLong(1, batch);
            insert.setObject(2, clock.instant().atOffset(ZoneOffset.UTC));
            insert.setString(3, SOURCE);
            insert.setObject(4, Instant.EPOCH.plus(first, ChronoUnit.MICROS).atOffset(ZoneOffset.UTC));
            insert.setObject(5, Instant.EPOCH.plus(last, ChronoUnit.MICROS).atOffset(ZoneOffset.UTC));
            insert.setBytes(6, touched.toByteArray());
            insert.setLong(7, order);
            insert.executeUpdate();
        }
    }

    private static void writeRepriced(
            Connection connection, long byBatch, Map<Long, SortedMap<Integer, BilledPrice>> repriced)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into repriced (batch, by_batch, records, prices, digest) values (?, ?, ?, ?, ?)")) {
            for (Map.Entry<Long, SortedMap<Integer, BilledPrice>> one : repriced.entrySet()) {
                byte[] prices = Repriced.encode(one.getValue());
                insert.setLong(1, one.getKey());
                insert.setLong(2, byBatch);
                insert.setInt(3, one.getValue().size());
                insert.setBytes(4, prices);
                insert.setBytes(5, Archives.digest(prices));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }
}
