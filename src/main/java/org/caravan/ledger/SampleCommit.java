package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.caravan.common.UserError;
import org.caravan.metering.PositionRange;
import org.caravan.metering.Rejected;
import org.caravan.metering.UsageJson;
import org.caravan.metering.sample.Sample;
import org.caravan.metering.sample.SampleBatch;

/** One batch of samples, from its positions' locks to COMMIT. One object, one transaction. */
final class SampleCommit {
    private final Connection connection;
    private final String source;
    private final SampleBatch batch;
    private final LedgerSettings settings;
    private final String realm;
    private final long maxSamples;
    private final Clock clock;

    /** A tenant, locked. */
    private record Tenant(int id, long collectedUntil) {}

    SampleCommit(
            Connection connection,
            String source,
            SampleBatch batch,
            LedgerSettings settings,
            String realm,
            long maxSamples,
            Clock clock) {
        this.connection = connection;
        this.source = source;
        this.batch = batch;
        this.settings = settings;
        this.realm = realm;
        this.maxSamples = maxSamples;
        this.clock = clock;
    }

    /** Does everything but COMMIT. */
    SampleResult prepare() throws SQLException {
        Positions positions = Positions.lock(connection, batch.positions());
        if (positions.allCommitted()) {
            return SampleResult.NOTHING;
        }
        List<Sample> samples = batch.samples().stream()
                .filter(placed -> !positions.isCommitted(placed.positionIndex(), placed.position()))
                .map(SampleBatch.Placed::sample)
                .toList();
        int[] kept = store(samples);
        QuarantineWriter quarantine = new QuarantineWriter(batch.positions(), settings, clock);
        for (Rejected rejected : batch.rejected()) {
            if (!positions.isCommitted(rejected.positionIndex(), rejected.position())) {
                quarantine.unusable(rejected);
            }
        }
        long batchId = quarantine.unusable() == 0 ? 0 : hold(quarantine);
        reach();
        SampleResult result = new SampleResult(
                kept[0],
                kept[1],
                samples.size() - kept[0],
                batch.untrusted(),
                batch.ignored(),
                batch.unmapped(),
                quarantine.unusable());
        count(result);
        positions.advance(connection, batchId);
        return result;
    }

    /** How many were new, and how many of these are late. */
    private int[] store(List<Sample> samples) throws SQLException {
        if (samples.isEmpty()) {
            return new int[2];
        }
        Map<String, Tenant> tenants = lock(samples);
        String sql =
                """
                with new as (
                  insert into sample (id, tenant, at, late, meter, resource, unit, volume, metadata)
                  select * from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing returning tenant, at, late
                ), sums as (
                  select tenant, count(*) as samples, count(*) filter (where late) as late, max(at) as newest
                    from new group by tenant
                ), told as (
                  update sample_tenant t set held = held + s.samples, stored = stored + s.samples, late = t.late + s.late,
                         newest = greatest(t.newest, s.newest)
                    from sums s where t.id = s.tenant returning s.samples, s.late
                )
                select coalesce(sum(samples), 0), coalesce(sum(late), 0) from told
                """;
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            column(insert, 1, "uuid", samples, Sample::id);
            column(insert, 2, "int4", samples, sample -> tenants.get(sample.tenant())
                    .id());
            column(insert, 3, "int8", samples, Sample::at);
            column(
                    insert,
                    4,
                    "bool",
                    samples,
                    sample -> sample.at() < tenants.get(sample.tenant()).collectedUntil());
            column(insert, 5, "text", samples, Sample::meter);
            column(insert, 6, "text", samples, Sample::resource);
            column(insert, 7, "text", samples, Sample::unit);
            column(insert, 8, "numeric", samples, Sample::volume);
            column(insert, 9, "text", samples, sample -> UsageJson.metadata(Map.copyOf(sample.metadata())));
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                int[] kept = {row.getInt(1), row.getInt(2)};
                checkLimit();
                return kept;
            }
        }
    }

    /** Locks the tenants in the order of their ids; from here on none of their hours is billed without these samples. */
    private Map<String, Tenant> lock(List<Sample> samples) throws SQLException {
        TreeSet<String> names = new TreeSet<>();
        samples.forEach(sample -> names.add(sample.tenant()));
        Map<String, Tenant> tenants = find(names);
        if (tenants.size() < names.size()) {
            try (PreparedStatement insert = connection.prepareStatement(
                    """
                    insert into sample_tenant (realm, name)
                    select ?, u.name from unnest(?) as u (name) order by u.name collate "C" on conflict do nothing
                    """)) {
                insert.setString(1, realm);
                insert.setArray(2, connection.createArrayOf("text", names.toArray()));
                insert.executeUpdate();
            }
            tenants = find(names);
        }
        return tenants;
    }

    private Map<String, Tenant> find(TreeSet<String> names) throws SQLException {
        Map<String, Tenant> tenants = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(
                """
                select name, id, coalesce(collected_until, 0) from sample_tenant where realm = ? and name = any (?)
                 order by id for update
                """)) {
            select.setString(1, realm);
            select.setArray(2, connection.createArrayOf("text", names.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    tenants.put(row.getString(1), new Tenant(row.getInt(2), row.getLong(3)));
                }
            }
        }
        return tenants;
    }

    private void checkLimit() throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("select sum(held) from sample_tenant")) {
            row.next();
            if (row.getLong(1) > maxSamples) {
                throw new UserError(
                        1,
                        "samples: with these " + row.getLong(1) + " would be kept (allowed: " + maxSamples
                                + ", caravan.ceilometer.maxSamples); none of them was taken in: shorten"
                                + " caravan.ceilometer.retention, or see by caravan sources why no usage is made of them",
                        null);
            }
        }
    }

    private long hold(QuarantineWriter quarantine) throws SQLException {
        long batchId;
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("select nextval('batch_id')")) {
            row.next();
            batchId = row.getLong(1);
        }
        quarantine.write(connection, batchId);
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into batch (id, committed_at, source, buckets, records, accepted, duplicate, conflict, quarantined,
                                   unpriced)
                values (?, ?, ?, '', ?, 0, 0, 0, ?, 0)
                """)) {
            insert.setLong(1, batchId);
            insert.setObject(2, clock.instant().atOffset(ZoneOffset.UTC));
            insert.setString(3, source);
            insert.setInt(4, quarantine.unusable());
            insert.setInt(5, quarantine.unusable());
            insert.executeUpdate();
        }
        return batchId;
    }

    /** How far the samples reach, per partition where the source has some: only then its key stays from batch to batch. */
    private void reach() throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(
                """
                insert into sample_reach as r (source, key, newest) values (?, ?, ?)
                on conflict (source, key) do update set newest = greatest(r.newest, excluded.newest)
                """)) {
            for (int i = 0; i < Math.max(1, batch.positions().size()); i++) {
                if (batch.newest(i) == SampleBatch.NONE) {
                    continue;
                }
                PositionRange range =
                        batch.positions().isEmpty() ? null : batch.positions().get(i);
                upsert.setString(1, source);
                upsert.setString(2, range == null || isFile(range) ? "" : range.key());
                upsert.setLong(3, batch.newest(i));
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
    }

    /** A partition's key is a path; a file's and a push's is a digest. */
    private static boolean isFile(PositionRange range) {
        return range.key().indexOf('/') < 0;
    }

    private void count(SampleResult result) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(
                """
                insert into sample_count as c (source, stored, late, duplicate, untrusted, ignored, unmapped, quarantined,
                                               untrusted_name, updated_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (source) do update set
                  stored = c.stored + excluded.stored, late = c.late + excluded.late,
                  duplicate = c.duplicate + excluded.duplicate, untrusted = c.untrusted + excluded.untrusted,
                  ignored = c.ignored + excluded.ignored, unmapped = c.unmapped + excluded.unmapped,
                  quarantined = c.quarantined + excluded.quarantined,
                  untrusted_name = coalesce(excluded.untrusted_name, c.untrusted_name), updated_at = excluded.updated_at
                """)) {
            upsert.setString(1, source);
            upsert.setInt(2, result.stored());
            upsert.setInt(3, result.late());
            upsert.setInt(4, result.duplicate());
            upsert.setInt(5, result.untrusted());
            upsert.setInt(6, result.ignored());
            upsert.setInt(7, result.unmapped());
            upsert.setInt(8, result.quarantined());
            upsert.setString(9, batch.untrustedSource());
            upsert.setObject(10, clock.instant().atOffset(ZoneOffset.UTC));
            upsert.executeUpdate();
        }
    }

    private void column(
            PreparedStatement insert, int place, String type, List<Sample> samples, Function<Sample, Object> value)
            throws SQLException {
        insert.setArray(
                place,
                connection.createArrayOf(type, samples.stream().map(value).toArray()));
    }
}
