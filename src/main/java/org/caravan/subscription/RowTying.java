package org.caravan.subscription;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import javax.sql.DataSource;
import org.caravan.invoice.Transactions;

/** Ties by the subscription's row alone. */
public final class RowTying implements Tying {
    private static final String UNIQUE = "23505";

    private final DataSource dataSource;
    private final Clock clock;

    public RowTying(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public void tie(String subscription, String type, String resource) throws SQLException {
        try {
            Transactions.call(dataSource, connection -> {
                String sql = "select %s from subscription where id = ? for no key update";
                String before = EntityRows.ask(connection, sql.formatted("resource_id"), subscription);
                if (EntityRows.ask(connection, sql.formatted("ended_at"), subscription) != null) {
                    throw Refusal.inUse("Subscription has ended and changes no more; make another one.");
                }
                if (before != null && !Objects.equals(before, resource)) {
                    throw Refusal.inUse("Subscription is tied already; end it and make another one.");
                }
                // usage of before is claimed, but none that another subscription had
                return EntityRows.run(
                        connection,
                        """
                        update subscription set resource_id = ?, resource_type = ?, updated_at = ?,
                               tied_from = greatest(created_at, (select max(o.ended_at) from subscription o
                                                                  where o.resource_id = ? and o.resource_type = ?))
                         where id = ?
                        """,
                        resource,
                        type,
                        now(),
                        resource,
                        type,
                        subscription);
            });
        } catch (SQLException e) {
            if (UNIQUE.equals(e.getSQLState())) {
                throw Refusal.of(Refusal.Kind.DUPLICATE, "This resource is tied to an open subscription already.");
            }
            throw e;
        }
    }

    @Override
    public void end(String subscription) throws SQLException {
        Transactions.call(
                dataSource,
                connection -> EntityRows.run(
                        connection,
                        "update subscription set ended_at = ?, updated_at = ? where id = ? and ended_at is null",
                        now(),
                        now(),
                        subscription));
    }
}
