package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.caravan.metering.Price;
import org.caravan.metering.Rejected;
import org.caravan.metering.UsageBatch;
import org.caravan.metering.UsageJson;
import org.caravan.metering.UsageKey;
import org.caravan.metering.UsageRecord;

/**
 * The commit of one batch, from lock to COMMIT, in the order that the design fixes: positions, buckets, billed time,
 * entries, archive, epochs. One object, one batch, one transaction.
 */
final class Commit {
    private static final int[] NO_ROWS = new int[0];

    private final Ledger ledger;
    private final UsageBatch batch;
    private final BatchKeys keys;
    private final ArchiveEncoder.Pending archive;
    private final long stamp;
    private final EntryColumns entries;
    private final byte[] accepted;
    private final QuarantineWriter quarantine;
    private final List<Object[]> told = new ArrayList<>();

    private Positions positions;
    private List<Integer> buckets;
    private long batchId;
    private Map<Integer, Set<Integer>> closedMonths = Map.of();
    private int[] overlapping = NO_ROWS;
    private int overlaps;
    private long firstBegin = Long.MAX_VALUE;
    private long lastEnd = Long.MIN_VALUE;
    private int read;
    private int skipped;
    private int acceptedCount;
    private int duplicates;
    private int conflicts;
    private int unpriced;

    Commit(Ledger ledger, UsageBatch batch, BatchKeys keys, ArchiveEncoder.Pending archive) {
        this.ledger = ledger;
        this.batch = batch;
        this.keys = keys;
        this.archive = archive;
        this.stamp = ledger.nextStamp();
        this.entries = new EntryColumns(Math.max(64, batch.size() / 4));
        this.accepted = new byte[(batch.size() + 7) / 8];
        this.quarantine =
                new QuarantineWriter(batch.positions(), ledger.settings().maxRawBytes());
    }

    /** The buckets whose memory this commit may have changed; empty before they were locked. */
    List<Integer> touchedBuckets() {
        return buckets == null ? List.of() : buckets;
    }

    /**
     * Does everything but COMMIT.
     *
     * @return what is going to hold; {@code batch} is 0 if there is nothing to commit but the position
     */
    CommitResult prepare(Connection connection) throws SQLException {
        try (Statement set = connection.createStatement()) {
            set.execute(
                    "set local lock_timeout = '" + ledger.settings().lockWait().toMillis() + "ms'");
        }
        positions = Positions.lock(connection, batch.positions());
        if (positions.allCommitted()) {
            skipped = batch.size() + unreadRejects();
            return result();
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
            resolveIds(connection);
            closedMonths = closedMonths(connection);
            check(connection);
            decideOverlaps(connection);
        }
        quarantineRejects();
        if (read == 0) {
            batchId = 0;
            positions.advance(connection, 0);
            return result();
        }
        write(connection);
        return result();
    }

    /** Remembers what held; called after COMMIT was answered. */
    void committed() {
        ledger.terms().committed();
        if (batchId != 0 && acceptedCount > 0) {
            ledger.billedTime().committed(buckets, batchId);
            ledger.archives().remember(new BilledBatch(batchId, batch, accepted));
        }
    }

    private CommitResult result() {
        return new CommitResult(
                batchId, read, acceptedCount, duplicates, conflicts, quarantine.size() - conflicts, unpriced, skipped);
    }

    // ---- locks and ids -------------------------------------------------------------------------------------------

    private void lockBuckets(Connection connection) throws SQLException {
        List<Integer> ids = keys.buckets().stream().boxed().toList();
        SortedMap<Integer, Long> epochs = Buckets.lock(connection, ids);
        buckets = ids;
        ledger.billedTime().refresh(connection, epochs, stamp);
    }

    private void resolveIds(Connection connection) throws SQLException {
        Set<String> texts = new LinkedHashSet<>();
        Set<Terms.TenantName> tenants = new LinkedHashSet<>();
        for (int i = 0; i < keys.size(); i++) {
            if (keys.state(i) != null && !keys.state(i).isResolved()) {
                UsageKey key = keys.key(i);
                tenants.add(Terms.TenantName.of(key));
                texts.add(key.datacenter());
                texts.add(key.meter().name());
                texts.add(key.resource());
                texts.add(key.identity());
                texts.add(key.product());
                texts.add(key.unit());
            }
        }
        if (texts.isEmpty()) {
            return;
        }
        ledger.terms().resolveTenants(connection, tenants);
        ledger.terms().resolve(connection, texts);
        for (int i = 0; i < keys.size(); i++) {
            if (keys.state(i) != null && !keys.state(i).isResolved()) {
                resolve(keys.key(i));
            }
        }
    }

    private void resolve(UsageKey key) {
        Terms terms = ledger.terms();
        KeyState state = (KeyState) key.ledgerSlot;
        TenantRef tenant = terms.tenant(Terms.TenantName.of(key));
        state.product = terms.term(key.product());
        state.unit = terms.term(key.unit());
        state.series = ledger.billedTime()
                .bucket(key.bucket())
                .series(
                        tenant.id(),
                        terms.term(key.datacenter()),
                        terms.term(key.meter().name()),
                        terms.term(key.resource()),
                        terms.term(key.identity()));
        state.idsKnown = true;
    }

    /** Closed months per tenant of the batch; usually none, and then nothing is looked up per entry. */
    private Map<Integer, Set<Integer>> closedMonths(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select exists (select from month where state = 'closed' and month >= ?)")) {
            select.setDate(1, MonthStates.date(Months.of(Months.ofMicros(keys.firstBegin()))));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                if (!row.getBoolean(1)) {
                    return Map.of();
                }
            }
        }
        Set<Integer> tenants = new HashSet<>();
        for (int i = 0; i < keys.size(); i++) {
            if (keys.state(i) != null) {
                tenants.add(keys.state(i).series.tenant);
            }
        }
        Map<Integer, Set<Integer>> closed = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(
                "select tenant, month from month where tenant = any (?) and month >= ? and state = 'closed'")) {
            select.setArray(1, connection.createArrayOf("int4", tenants.toArray()));
            select.setDate(2, MonthStates.date(Months.of(Months.ofMicros(keys.firstBegin()))));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    int month = Months.number(YearMonth.from(row.getDate(2).toLocalDate()));
                    closed.computeIfAbsent(row.getInt(1), t -> new HashSet<>()).add(month);
                }
            }
        }
        return closed;
    }

    // ---- what is new ---------------------------------------------------------------------------------------------

    private void check(Connection connection) throws SQLException {
        boolean mayBeCommitted = positions.mayOverlap();
        Events events = new Events(ledger, batch);
        for (int row : keys.rowsBySeries(stamp)) {
            if (mayBeCommitted && positions.isCommitted(batch.positionIndex(row), batch.position(row))) {
                skipped++;
                continue;
            }
            read++;
            KeyState key = keys.ofRow(row);
            if (key.event) {
                events.add(row);
            } else if (key.series.take(batch.begin(row), batch.end(row))) {
                accept(row, key);
            } else {
                overlapAt(row);
            }
        }
        if (!events.isEmpty()) {
            events.insert(connection, batchId);
            for (int row : events.newRows()) {
                accept(row, keys.ofRow(row));
            }
            events.resolve(connection, new BilledBatch(batchId, batch, accepted));
            for (int i = 0; i < events.known(); i++) {
                decide(
                        events.knownRow(i),
                        events.isDuplicate(i),
                        events.billed(i),
                        "its id is billed with other content");
            }
        }
    }

    private void overlapAt(int row) {
        if (overlaps == overlapping.length) {
            overlapping = Arrays.copyOf(overlapping, Math.max(256, overlaps * 2));
        }
        overlapping[overlaps++] = row;
    }

    private void accept(int row, KeyState key) {
        accepted[row >> 3] |= (byte) (1 << (row & 7));
        acceptedCount++;
        long begin = batch.begin(row);
        firstBegin = Math.min(firstBegin, begin);
        lastEnd = Math.max(lastEnd, batch.end(row));
        Price price = batch.price(row);
        if (!price.priced()) {
            unpriced++;
        }
        SeriesState series = key.series;
        if (key.event) {
            if (key.entryStamp == stamp && entries.gathers(key.entry, price, begin)) {
                entries.add(key.entry, batch, row);
                return;
            }
            key.entryStamp = stamp;
            key.entry = startEntry(key, row);
            return;
        }
        if (series.entryStamp == stamp && entries.continues(series.entry, key, price, begin)) {
            entries.add(series.entry, batch, row);
            return;
        }
        series.entryStamp = stamp;
        series.entry = startEntry(key, row);
    }

    private int startEntry(KeyState key, int row) {
        SeriesState series = key.series;
        int usageMonth = Months.ofMicros(batch.begin(row));
        int billingMonth = usageMonth;
        Set<Integer> closed = closedMonths.isEmpty() ? null : closedMonths.get(series.tenant);
        while (closed != null && closed.contains(billingMonth)) {
            billingMonth++;
        }
        if (key.metadataHash != 0 && key.metadataHash != series.toldMetadata) {
            series.toldMetadata = key.metadataHash;
            told.add(new Object[] {key, batch.begin(row)});
        }
        EntryKind kind = billingMonth == usageMonth ? EntryKind.USAGE : EntryKind.ADJUSTMENT;
        ledger.needMonth(billingMonth);
        return entries.start(key, batch.price(row), batch, row, billingMonth, kind);
    }

    private void decideOverlaps(Connection connection) throws SQLException {
        if (overlaps == 0) {
            return;
        }
        Arrays.sort(overlapping, 0, overlaps);
        Overlaps decided = new Overlaps(ledger, batch, Arrays.copyOf(overlapping, overlaps));
        decided.resolve(connection, new BilledBatch(batchId, batch, accepted));
        for (int i = 0; i < overlaps; i++) {
            decide(overlapping[i], decided.isDuplicate(i), decided.billed(i), "its time is billed already");
        }
    }

    private void decide(int row, boolean duplicate, UsageRecord billed, String reason) {
        if (duplicate) {
            duplicates++;
            return;
        }
        conflicts++;
        quarantine.add(
                batch.positionIndex(row),
                batch.position(row),
                "conflict",
                "conflict: " + reason + (billed == null ? "" : " as " + describe(billed)),
                "caravan-jsonl",
                null,
                UsageJson.line(batch.record(row)),
                billed == null ? null : UsageJson.line(billed),
                batch.key(row).tenant(),
                usageMonth(batch.begin(row)));
    }

    private static String describe(UsageRecord billed) {
        return billed.quantity().toPlainString() + " " + billed.unit() + " from " + billed.begin() + " to "
                + billed.end();
    }

    private static String usageMonth(long begin) {
        return Months.of(Months.ofMicros(begin)).atDay(1).toString();
    }

    private void quarantineRejects() {
        for (Rejected rejected : batch.rejected()) {
            if (positions.isCommitted(rejected.positionIndex(), rejected.position())) {
                skipped++;
                continue;
            }
            read++;
            quarantine.add(
                    rejected.positionIndex(),
                    rejected.position(),
                    "unusable",
                    rejected.reason(),
                    rejected.format(),
                    rejected.context(),
                    rejected.raw(),
                    null,
                    null,
                    null);
        }
    }

    private int unreadRejects() {
        return batch.rejected().size();
    }

    // ---- writing -------------------------------------------------------------------------------------------------

    private void write(Connection connection) throws SQLException {
        if (entries.size > 0) {
            ledger.terms().resolvePrices(connection, entries.prices());
            entries.encode(batchId, ledger.terms()).send(connection, entries.copy());
        }
        if (!told.isEmpty()) {
            writeTold(connection);
        }
        quarantine.write(connection, batchId);
        writeBatch(connection);
        if (acceptedCount > 0) {
            Buckets.raise(connection, buckets, batchId);
        }
        positions.advance(connection, batchId);
    }

    private void writeTold(Connection connection) throws SQLException {
        CopyWriter out = new CopyWriter(told.size(), 200);
        for (Object[] row : told) {
            KeyState key = (KeyState) row[0];
            out.startRow(9);
            out.int4(key.series.tenant);
            out.int4(key.series.datacenter);
            out.int4(key.series.resource);
            out.int4(key.series.meter);
            out.int4(key.series.identity);
            out.timestamptz((long) row[1]);
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
            insert.setString(
                    3,
                    batch.positions().isEmpty()
                            ? null
                            : batch.positions().get(0).source());
            insert.setObject(4, acceptedCount == 0 ? null : time(firstBegin));
            insert.setObject(5, acceptedCount == 0 ? null : time(lastEnd));
            insert.setBytes(6, touched.toByteArray());
            insert.setInt(7, read);
            insert.setInt(8, acceptedCount);
            insert.setInt(9, duplicates);
            insert.setInt(10, conflicts);
            insert.setInt(11, quarantine.size() - conflicts);
            insert.setInt(12, unpriced);
            insert.setBytes(13, acceptedCount == 0 ? null : archive.bytes());
            insert.setBytes(14, acceptedCount == 0 ? null : archive.digest());
            insert.setBytes(15, acceptedCount == 0 ? null : accepted);
            insert.executeUpdate();
        }
    }

    private static OffsetDateTime time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }
}
