package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import javax.sql.DataSource;
import org.caravan.metering.sample.SampleBatch;
import org.caravan.metering.sample.Window;

/** Keeps samples. Safe for concurrent use by any number of hubs. */
public final class SampleStore {
    /** Samples removed in one transaction. */
    private static final int PRUNED_AT_ONCE = 20_000;

    private final DataSource dataSource;
    private final LedgerSettings settings;
    private final String realm;
    private final long maxSamples;
    private final Clock clock;

    /**
     * @param realm of the tenants
     * @param maxSamples most samples that may be kept; a batch that would bring more fails
     */
    public SampleStore(DataSource dataSource, LedgerSettings settings, String realm, long maxSamples, Clock clock) {
        this.dataSource = dataSource;
        this.settings = settings;
        this.realm = realm;
        this.maxSamples = maxSamples;
        this.clock = clock;
    }

    /**
     * Keeps a batch's samples in one transaction with its positions: all of it holds or nothing does, and the same batch again
     * changes nothing.
     *
     * @param source that what becomes of them is counted under
     * @throws org.caravan.common.UserError if more samples are kept than may be, or quarantine is full
     */
    public SampleResult collect(String source, SampleBatch batch) throws SQLException {
        return Retry.call(() -> LockWait.call(dataSource, settings.lockWait(), lockTimeout -> {
            try (Connection connection = dataSource.getConnection()) {
                return collect(connection, source, batch, lockTimeout);
            }
        }));
    }

    private SampleResult collect(Connection connection, String source, SampleBatch batch, Duration lockTimeout)
            throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        boolean held = false;
        try {
            LockWait.begin(connection, lockTimeout);
            SampleResult result =
                    new SampleCommit(connection, source, batch, settings, realm, maxSamples, clock).prepare();
            connection.commit();
            held = true;
            return result;
        } finally {
            if (!held) {
                Ledger.rollback(connection);
            }
            if (!connection.isClosed()) {
                connection.setAutoCommit(autoCommit);
            }
        }
    }

    /**
     * Removes samples that are older than they need be and that usage was made of, at most a bounded number at a time.
     *
     * @param retention how long a sample is kept after it was measured
     * @return how many were removed
     */
    public int prune(Duration retention) throws SQLException {
        long before = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant().minus(retention));
        String sql =
                """
                with old as (
                  select id, least(?, coalesce(collected_until, 0) - ?) as until from sample_tenant where held > 0
                ), locked as (
                  select t.id, old.until from sample_tenant t join old on old.id = t.id
                   where exists (select from sample s where s.tenant = t.id and s.at < old.until)
                   order by t.id for update of t
                ), gone as (
                  delete from sample where id in (
                    select s.id from locked t cross join lateral (
                      select id from sample where tenant = t.id and at < t.until order by at limit ?) s
                     limit ?)
                  returning tenant, at
                ), sums as (
                  select tenant, count(*) as samples, max(at) as newest from gone group by tenant
                ), told as (
                  update sample_tenant t set held = held - s.samples, pruned_until = greatest(pruned_until, s.newest + 1)
                    from sums s where t.id = s.tenant returning s.samples
                )
                select coalesce(sum(samples), 0) from told
                """;
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete = connection.prepareStatement(sql)) {
            delete.setLong(1, before);
            delete.setLong(2, Window.LEAD_IN);
            delete.setInt(3, PRUNED_AT_ONCE);
            delete.setInt(4, PRUNED_AT_ONCE);
            try (ResultSet row = delete.executeQuery()) {
                row.next();
                int pruned = row.getInt(1);
                if (!connection.getAutoCommit()) {
                    connection.commit();
                }
                return pruned;
            }
        }
    }
}
