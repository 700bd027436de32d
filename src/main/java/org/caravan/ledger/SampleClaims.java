package org.caravan.ledger;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.caravan.metering.SampleWindow;

/**
 * Takes the windows of a batch, in the transaction that bills it: sees that the samples which its usage was made of are all
 * that there are, and says that usage was made of them. Whoever stores a sample holds the same row, so that it comes either
 * before, and is seen here, or after, and is late.
 */
final class SampleClaims {
    private final Connection connection;
    private final List<SampleWindow> windows;

    private SampleClaims(Connection connection, List<SampleWindow> windows) {
        this.connection = connection;
        this.windows = windows;
    }

    /** @throws SamplesChanged if the usage has to be made anew */
    static void take(Connection connection, List<SampleWindow> windows) throws SQLException {
        new SampleClaims(connection, windows).take();
    }

    private void take() throws SQLException {
        try (PreparedStatement lock =
                connection.prepareStatement("select from sample_tenant where id = any (?) order by id for update")) {
            lock.setArray(1, array("int4", SampleWindow::tenant));
            lock.executeQuery();
        }
        check();
        try (PreparedStatement update = connection.prepareStatement(
                """
                update sample_tenant t set collected_until = greatest(t.collected_until, u.until)
                  from unnest(?, ?) as u (tenant, until) where t.id = u.tenant
                """)) {
            update.setArray(1, array("int4", SampleWindow::tenant));
            update.setArray(2, array("int8", SampleWindow::to));
            update.executeUpdate();
        }
        if (windows.stream().anyMatch(SampleWindow::again)) {
            try (PreparedStatement update = connection.prepareStatement(
                    """
                    update sample s set late = false from unnest(?, ?, ?, ?) as u (tenant, since, until, again)
                     where u.again and s.tenant = u.tenant and s.at >= u.since and s.at < u.until and s.late
                    """)) {
                set(update);
                update.setArray(4, array("bool", SampleWindow::again));
                update.executeUpdate();
            }
        }
    }

    /** A window that another hub took meanwhile is left alone: the batch's position drops its records. */
    private void check() throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                select t.name from unnest(?, ?, ?, ?, ?, ?) as u (tenant, since, until, samples, before, again)
                  join sample_tenant t on t.id = u.tenant
                 where (u.again or coalesce(t.collected_until, 0) < u.until)
                   and (not u.again and coalesce(t.collected_until, 0) <> u.before
                        or u.again and t.pruned_until > u.since
                        or u.samples <> (select count(*) from sample s
                                          where s.tenant = u.tenant and s.at >= u.since and s.at < u.until))
                 limit 1
                """)) {
            set(select);
            select.setArray(4, array("int8", SampleWindow::samples));
            select.setArray(5, array("int8", SampleWindow::before));
            select.setArray(6, array("bool", SampleWindow::again));
            try (ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    throw new SamplesChanged(row.getString(1));
                }
            }
        }
    }

    private void set(PreparedStatement statement) throws SQLException {
        statement.setArray(1, array("int4", SampleWindow::tenant));
        statement.setArray(2, array("int8", SampleWindow::from));
        statement.setArray(3, array("int8", SampleWindow::to));
    }

    private Array array(String type, Function<SampleWindow, Object> value) throws SQLException {
        return connection.createArrayOf(type, windows.stream().map(value).toArray());
    }
}
