package org.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * Sums the entries of committed batches per (line, day, price), so that reports and documents need not read every entry.
 *
 * <p>Takes the batches that are not marked yet and marks them in the transaction that writes their sums: never "ids above
 * the last", as ids commit out of order.
 */
public final class RollUp {
    private RollUp() {}

    /** Rolls up what is not rolled up yet; of two at once, one waits and then finds nothing. Returns the batches taken. */
    public static int run(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
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
                                                resource, identity, product, unit, price_id, records, bucket, kind,
                                                quantity, amount, seconds)
                            select min(first_begin), max(last_end), billing_month, usage_day, tenant, datacenter, meter,
                                   resource, identity, product, unit, price_id, sum(records), bucket, kind,
                                   sum(quantity), sum(amount), sum(seconds)
                              from entry where batch in (select id from rolling)
                             group by billing_month, usage_day, tenant, datacenter, meter, resource, identity, product,
                                      unit, price_id, bucket, kind
                            """);
                }
                connection.commit();
                return batches;
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(autoCommit);
            }
        }
    }
}
