package org.caravan.invoice;

import static org.caravan.invoice.DeliveryState.DELIVERING;
import static org.caravan.invoice.DeliveryState.IN_DOUBT;
import static org.caravan.invoice.DeliveryState.PARKED;
import static org.caravan.invoice.DeliveryState.RETRYING;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.caravan.invoice.ConnectorInfo.Repeat;
import org.caravan.invoice.Lanes.Lane;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How doubt begins and ends without a person, within the transaction of whoever looks.
 *
 * <p>In doubt with a due time is doubt that sending again ends, or asking ({@link Lookups}); without one ('infinity') it
 * waits for a person. The mark
 * {@code doubt} outlives the state: it stays until a reference comes or a person is certain, whatever else the row meets.
 */
final class Doubt {
    private static final Logger LOG = LoggerFactory.getLogger(Doubt.class);

    private Doubt() {}

    /** Attempts of a lane whose leases lapsed are in doubt: their hubs may be dead, or frozen after sending. */
    static void settleLapsed(Connection connection, Lane lane, Repeat repeat, Instant now) throws SQLException {
        int lapsed = settle(connection, "connector = ? and lane = ?", lane.connector(), lane.name(), repeat, now);
        if (lapsed > 0) {
            LOG.warn("Connector {}: {} deliveries are in doubt, their leases lapsed", lane.connector(), lapsed);
        }
    }

    /** As {@link #settleLapsed(Connection, Lane, Repeat, Instant)}, one row. */
    static void settleLapsed(Connection connection, long delivery, Repeat repeat, Instant now) throws SQLException {
        settle(connection, "id = ?", delivery, null, repeat, now);
    }

    private static int settle(
            Connection connection, String rows, Object first, Object second, Repeat repeat, Instant now)
            throws SQLException {
        DELIVERING.become(IN_DOUBT);
        String sql =
                """
                with lapsed as (
                  select id, owner, attempt from delivery
                   where %s and state = 'delivering' and lease_until <= clock_timestamp() for update skip locked
                ), moved as (
                  update delivery d set state = 'in-doubt', doubt = true, due_at = ?, owner = null, lease_until = null,
                         last_error = 'the lease of ' || lapsed.owner || ' lapsed during attempt ' || lapsed.attempt,
                         updated_at = ?
                    from lapsed where d.id = lapsed.id
                  returning d.id, d.attempt, d.last_error
                )
                update delivery_attempt a set ended_at = ?, outcome = 'in-doubt', detail = moved.last_error
                  from moved where a.delivery = moved.id and a.attempt = moved.attempt
                """
                        .formatted(rows);
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            OffsetDateTime at = SqlTime.at(now);
            int i = 0;
            update.setObject(++i, first);
            if (second != null) {
                update.setObject(++i, second);
            }
            update.setObject(++i, repeat == Repeat.NEVER ? SqlTime.NEVER : at);
            update.setObject(++i, at);
            update.setObject(++i, at);
            return update.executeUpdate();
        }
    }

    /** At a connector that is safe to repeat, due doubt is sent again, as long as attempts are left. */
    static void endBySending(Connection connection, Lane lane, int maxAttempts, Instant now) throws SQLException {
        IN_DOUBT.become(RETRYING);
        IN_DOUBT.become(PARKED);
        String sql =
                """
                update delivery set state = case when attempt - counted_from >= ? then 'parked' else 'retrying' end,
                       last_error = case when attempt - counted_from >= ?
                                         then 'gave up after ' || attempt - counted_from || ' attempts: ' else '' end
                                    || coalesce(last_error, ''), updated_at = ?
                 where connector = ? and lane = ? and state = 'in-doubt' and due_at <= ?
                """;
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setInt(1, maxAttempts);
            update.setInt(2, maxAttempts);
            update.setObject(3, SqlTime.at(now));
            update.setString(4, lane.connector());
            update.setString(5, lane.name());
            update.setObject(6, SqlTime.at(now));
            update.executeUpdate();
        }
    }

    /**
     * At a connector that can be asked by key, what an earlier attempt left in doubt is not sent again before it was asked
     * about; due as it was.
     */
    static void askFirst(Connection connection, Lane lane, Instant now) throws SQLException {
        RETRYING.become(IN_DOUBT);
        String sql =
                """
                update delivery set state = 'in-doubt', owner = null, lease_until = null, updated_at = ?
                 where connector = ? and lane = ? and state = 'retrying' and doubt and %s
                """
                        .formatted(Leases.FREE);
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setObject(1, SqlTime.at(now));
            update.setString(2, lane.connector());
            update.setString(3, lane.name());
            update.executeUpdate();
        }
    }

    /**
     * Lets doubt of a lane wait for a person, with the reason why it may not be ended by sending again. Rows that were to be
     * sent again come back too: the connector may have been safe to repeat when they were tried, and not be any more.
     */
    static void holdForPerson(Connection connection, Lane lane, String reason, int maxLength, Instant now)
            throws SQLException {
        RETRYING.become(IN_DOUBT);
        String sql =
                """
                update delivery set state = 'in-doubt', due_at = 'infinity', owner = null, lease_until = null,
                       last_error = left(concat_ws('; ', last_error, ?), ?), updated_at = ?
                 where connector = ? and lane = ?
                   and (state = 'in-doubt' and due_at < 'infinity' or state = 'retrying' and doubt and %s)
                """
                        .formatted(Leases.FREE);
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, reason);
            update.setInt(2, maxLength);
            update.setObject(3, SqlTime.at(now));
            update.setString(4, lane.connector());
            update.setString(5, lane.name());
            update.executeUpdate();
        }
    }
}
