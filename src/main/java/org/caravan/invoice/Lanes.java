package org.caravan.invoice;

import static org.caravan.invoice.DeliveryState.PARKED;
import static org.caravan.invoice.DeliveryState.PENDING;
import static org.caravan.invoice.DeliveryState.RETRYING;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.caravan.invoice.ConnectorInfo.Repeat;

/**
 * Who delivers what: leases on due rows, lane by lane. Safe for concurrent use by any number of hubs.
 *
 * <p>A claim leases rows without touching their state: a hub that dies before it starts an attempt leaves no doubt.
 */
public final class Lanes {
    private static final String NOT_SAFE =
            "its connector does not say that it is safe to repeat, or that it can be asked by key";

    /** Most lanes named by one {@link #due}. */
    private static final int MAX_LANES = 1_000;

    private final DataSource dataSource;
    private final DeliverySettings settings;
    private final Clock clock;

    public Lanes(DataSource dataSource, DeliverySettings settings, Clock clock) {
        this.dataSource = dataSource;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * What one committer serves at a time.
     *
     * @param connector name of the connector
     * @param name what its target serialises; {@code ""} where nothing is told apart
     */
    public record Lane(String connector, String name) {}

    /**
     * A leased row whose attempt has not started.
     *
     * @param doubt true if the connector is to be asked about it first: it may be there already
     * @param fresh true if it was never tried, or not since a person ordered it anew: only such are delivered in batches
     */
    public record Claim(long delivery, Lane lane, String owner, boolean doubt, boolean fresh) {}

    /**
     * Lanes with something to do now: due rows, lapsed attempts, doubt that a repeat or a question ends. Longest due first; those that
     * rest after failures are left out.
     *
     * @param connector only this one's lanes; null for all
     */
    public List<Lane> due(String connector) throws SQLException {
        String sql =
                """
                select connector, lane from delivery left join delivery_lane pause using (connector, lane)
                 where (state in ('pending', 'retrying', 'in-doubt') and due_at <= ? and %s
                    or state = 'delivering' and lease_until <= clock_timestamp())
                   and (?::text is null or connector = ?)
                   and (pause.paused_until is null or pause.paused_until <= ?)
                   and %s
                 group by connector, lane order by min(due_at), connector, lane limit %s
                """
                        .formatted(Leases.FREE, CreditFanOut.NOT_HELD, MAX_LANES);
        return Transactions.single(dataSource, connection -> {
            if (RestoredLedger.waiting(connection).isPresent()) {
                return List.of();
            }
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                OffsetDateTime now = SqlTime.at(clock.instant());
                select.setObject(1, now);
                select.setString(2, connector);
                select.setString(3, connector);
                select.setObject(4, now);
                List<Lane> lanes = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        lanes.add(new Lane(row.getString(1), row.getString(2)));
                    }
                }
                return lanes;
            }
        });
    }

    /**
     * Leases due rows of one lane; none while another owner holds rows of it, so that a lane has one committer.
     *
     * @param owner who claims; unique among all consumers of all hubs
     */
    public List<Claim> claim(Lane lane, ConnectorInfo info, String owner) throws SQLException {
        return Transactions.call(dataSource, connection -> {
            // Without the lock two hubs could both find the lane free and each claim a part of it.
            if (!lockLane(connection, lane)
                    || RestoredLedger.waiting(connection).isPresent()) {
                return List.of();
            }
            Instant now = clock.instant();
            Doubt.settleLapsed(connection, lane, info.repeat(), now);
            switch (info.repeat()) {
                case SAFE -> Doubt.endBySending(connection, lane, settings.maxAttempts(), now);
                case LOOKUP -> Doubt.askFirst(connection, lane, now);
                case NEVER -> Doubt.holdForPerson(connection, lane, NOT_SAFE, settings.maxErrorLength(), now);
            }
            if (!info.proforma()) {
                refuseProforma(connection, lane, now);
            }
            boolean ask = info.repeat() == Repeat.LOOKUP;
            return heldByAnother(connection, lane, owner) ? List.<Claim>of() : lease(connection, lane, owner, ask, now);
        });
    }

    /** Gives claims back whose attempts were not started; those of another owner by now are left alone. */
    public void release(List<Claim> claims) throws SQLException {
        if (claims.isEmpty()) {
            return;
        }
        String sql =
                """
                update delivery set owner = null, lease_until = null
                 where id = any (?) and owner = ? and state in ('pending', 'retrying', 'in-doubt')
                """;
        Transactions.single(dataSource, connection -> {
            try (PreparedStatement update = connection.prepareStatement(sql)) {
                Object[] ids = claims.stream().map(Claim::delivery).toArray();
                update.setArray(1, connection.createArrayOf("int8", ids));
                update.setString(2, claims.get(0).owner());
                update.executeUpdate();
            }
            return null;
        });
    }

    /**
     * Ends all leases of an owner that has nothing at work: it lost the database in the middle of a round. What it had
     * started lapses, for nobody knows any more what became of it.
     */
    void letGo(String owner) throws SQLException {
        String sql =
                """
                update delivery set owner = case when state = 'delivering' then owner end,
                       lease_until = case when state = 'delivering' then clock_timestamp() end
                 where owner = ? and state in ('pending', 'retrying', 'delivering', 'in-doubt')
                """;
        Transactions.single(dataSource, connection -> {
            try (PreparedStatement update = connection.prepareStatement(sql)) {
                update.setString(1, owner);
                return update.executeUpdate();
            }
        });
    }

    /** Parks every due row of a lane whose connector can't be used, and says why. */
    public int park(Lane lane, String reason) throws SQLException {
        PENDING.become(PARKED);
        RETRYING.become(PARKED);
        String sql =
                """
                update delivery set state = 'parked', owner = null, lease_until = null, last_error = ?, updated_at = ?
                 where connector = ? and lane = ? and state in ('pending', 'retrying') and %s
                """
                        .formatted(Leases.FREE);
        return Transactions.call(dataSource, connection -> {
            Instant now = clock.instant();
            // A lane nobody can serve still has to lose its lapsed attempts: what became of them is not known.
            Doubt.settleLapsed(connection, lane, Repeat.NEVER, now);
            Doubt.holdForPerson(connection, lane, reason, settings.maxErrorLength(), now);
            try (PreparedStatement update = connection.prepareStatement(sql)) {
                update.setString(1, settings.reason(reason));
                update.setObject(2, SqlTime.at(now));
                update.setString(3, lane.connector());
                update.setString(4, lane.name());
                return update.executeUpdate();
            }
        });
    }

    private static boolean lockLane(Connection connection, Lane lane) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select pg_try_advisory_xact_lock(hashtextextended('caravan lane ' || ? || '/' || ?, 0))")) {
            select.setString(1, lane.connector());
            select.setString(2, lane.name());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private void refuseProforma(Connection connection, Lane lane, Instant now) throws SQLException {
        PENDING.become(PARKED);
        RETRYING.become(PARKED);
        String sql =
                """
                update delivery d set state = 'parked', owner = null, lease_until = null, updated_at = ?,
                       last_error = 'document ' || document.number || ' is proforma, which connector ' || d.connector
                                    || ' does not take; bill with a ledger kept in a data directory'
                  from document
                 where document.id = d.document and document.proforma
                   and d.connector = ? and d.lane = ? and d.state in ('pending', 'retrying') and %s
                """
                        .formatted(Leases.FREE);
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setObject(1, SqlTime.at(now));
            update.setString(2, lane.connector());
            update.setString(3, lane.name());
            update.executeUpdate();
        }
    }

    private static boolean heldByAnother(Connection connection, Lane lane, String owner) throws SQLException {
        String sql =
                """
                select exists (select from delivery where connector = ? and lane = ?
                   and state in ('pending', 'delivering', 'retrying', 'in-doubt') and owner <> ? and lease_until > clock_timestamp())
                """;
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, lane.connector());
            select.setString(2, lane.name());
            select.setString(3, owner);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private List<Claim> lease(Connection connection, Lane lane, String owner, boolean ask, Instant now)
            throws SQLException {
        String sql =
                """
                with due as (
                  select id from delivery
                   where connector = ? and lane = ? and due_at <= ? and %s
                     and (state in ('pending', 'retrying') or ? and state = 'in-doubt')
                     and %s
                   order by due_at, id limit ? for update skip locked
                ), leased as (
                  update delivery d set owner = ?, lease_until = %s from due where d.id = due.id
                  returning d.id, d.due_at, d.state, d.attempt = d.counted_from and not d.doubt as fresh
                )
                select id, state = 'in-doubt', fresh from leased order by due_at, id
                """
                        .formatted(Leases.FREE, CreditFanOut.NOT_HELD, Leases.UNTIL);
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, lane.connector());
            update.setString(2, lane.name());
            update.setObject(3, SqlTime.at(now));
            update.setBoolean(4, ask);
            update.setInt(5, settings.claimSize());
            update.setString(6, owner);
            update.setLong(7, settings.lease().toMillis());
            List<Claim> claims = new ArrayList<>();
            try (ResultSet row = update.executeQuery()) {
                while (row.next()) {
                    claims.add(new Claim(row.getLong(1), lane, owner, row.getBoolean(2), row.getBoolean(3)));
                }
            }
            return claims;
        }
    }
}
