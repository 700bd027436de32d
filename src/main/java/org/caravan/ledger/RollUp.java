package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import javax.sql.DataSource;

/**
 * Sums the entries of committed batches per (line, day, price), so that reports and documents need not read every entry.
 *
 * <p>Takes the batches that are not marked yet and marks them in the transaction that writes their sums: never "ids above
 * the last", as ids commit out of order.
 */
public final class RollUp {
    private RollUp() {}

    /** Longest wait for another that rolls up, where nothing else is said. */
    private static final Duration LOCK_WAIT = Duration.ofSeconds(60);

    /** As {@link #run(DataSource, Duration)}, waiting up to a minute. */
    public static int run(DataSource dataSource) throws SQLException {
        return run(dataSource, LOCK_WAIT);
    }

    /**
     * Rolls up what is not rolled up yet; of two at once, one waits and then finds nothing.
     *
     * @param lockWait longest wait for another that is at it; one that is frozen meanwhile is ended
     * @return the batches taken
     */
    public static int run(DataSource dataSource, Duration lockWait) throws SQLException {
        return LockWait.call(dataSource, lockWait, timeout -> rollUp(dataSource, timeout));
    }

    /** True if any usage of before a month is not rolled up: what asks for it would read the entries of those months. */
    public static boolean isBehind(Connection connection, YearMonth month) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select exists (select from batch where rolled_at is null and first_begin < ?)")) {
            select.setObject(1, month.atDay(1).atStartOfDay().atOffset(ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private static int rollUp(DataSource dataSource, Duration lockTimeout) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                LockWait.begin(connection, lockTimeout);
                statement.execute("create temporary table if not exists rolling (id bigint) on commit delete rows");
                int batches = statement.executeUpdate(
                        """
                        with taken as (update batch set rolled_at = now() where rolled_at is null returning id)
                        insert into rolling select id from taken
                        """);
                if (batches > 0) {
                    statement.executeUpdate(
                            """
                            insert into rollup (first_begin, last_end, billing_month, usage_day, tenant, datacenter, meter,
                                                resource, identity, product, unit, price_id, metadata, records, bucket,
                                                kind, quantity, amount, seconds)
                            select min(first_begin), max(last_end), billing_month, usage_day, tenant, datacenter, meter,
                                   resource, identity, product, unit, price_id, metadata, sum(records), bucket, kind,
                                   sum(quantity), sum(amount), sum(seconds)
                              from entry where batch in (select id from rolling)
                               and batch between (select min(id) from rolling) and (select max(id) from rolling)
                             group by billing_month, usage_day, tenant, datacenter, meter, resource, identity, product,
                                      unit, price_id, metadata, bucket, kind
                            """);
                }
                connection.commit();
                return batches;
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                if (!connection.isClosed()) {
                    connection.setAutoCommit(autoCommit);
                }
            }
        }
    }
}
