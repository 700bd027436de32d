package org.caravan.invoice;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.caravan.invoice.Lanes.Lane;

/**
 * Lanes that rest, because attempts failed one after the other: an ERP that is down costs a call now and then instead of
 * one for each document, and does not use up the attempts of all.
 */
public final class LanePauses {
    private final DataSource dataSource;
    private final DeliverySettings settings;
    private final Clock clock;

    LanePauses(DataSource dataSource, DeliverySettings settings, Clock clock) {
        this.dataSource = dataSource;
        this.settings = settings;
        this.clock = clock;
    }

    /** As {@link #failed(Lane, boolean, String, Duration, RandomGenerator)}, of an ERP that asked for nothing. */
    void failed(Lane lane, boolean doubt, String reason, RandomGenerator random) throws SQLException {
        failed(lane, doubt, reason, null, random);
    }

    /**
     * Notes an attempt that failed otherwise than by its own document's fault.
     *
     * @param doubt true if it left doubt that a person must end
     * @param retryAfter how long the ERP asked to be left alone; null if it did not
     */
    void failed(Lane lane, boolean doubt, String reason, Duration retryAfter, RandomGenerator random)
            throws SQLException {
        String count =
                """
                insert into delivery_lane as l (connector, lane, failures, paused_until, last_error, updated_at)
                values (?, ?, 1, ?, ?, ?)
                    on conflict (connector, lane) do update
                   set failures = l.failures + 1, last_error = excluded.last_error, updated_at = excluded.updated_at
                returning failures
                """;
        Transactions.call(dataSource, connection -> {
            Instant now = clock.instant();
            int failures;
            try (PreparedStatement upsert = connection.prepareStatement(count)) {
                upsert.setString(1, lane.connector());
                upsert.setString(2, lane.name());
                upsert.setObject(3, SqlTime.at(now));
                upsert.setString(4, settings.reason(reason));
                upsert.setObject(5, SqlTime.at(now));
                try (ResultSet row = upsert.executeQuery()) {
                    row.next();
                    failures = row.getInt(1);
                }
            }
            try (PreparedStatement update = connection.prepareStatement(
                    "update delivery_lane set paused_until = ? where connector = ? and lane = ?")) {
                Duration pause = settings.pauseAfter(failures, doubt, random);
                update.setObject(
                        1,
                        SqlTime.at(
                                now.plus(retryAfter == null || retryAfter.compareTo(pause) < 0 ? pause : retryAfter)));
                update.setString(2, lane.connector());
                update.setString(3, lane.name());
                update.executeUpdate();
            }
            return null;
        });
    }

    /** Notes that an attempt went well. */
    void succeeded(Lane lane) throws SQLException {
        Transactions.single(dataSource, connection -> {
            end(connection, lane);
            return null;
        });
    }

    /** Connectors with a lane that rests, and until when; of several lanes the last. */
    public static Map<String, Instant> resting(DataSource dataSource, Instant now) throws SQLException {
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "select connector, max(paused_until) as until from delivery_lane where paused_until > ?"
                            + " group by connector")) {
                select.setObject(1, SqlTime.at(now));
                Map<String, Instant> resting = new HashMap<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        resting.put(row.getString("connector"), SqlTime.instant(row, "until"));
                    }
                }
                return resting;
            }
        });
    }

    /** Ends the rest of a lane, within the caller's transaction. */
    static void end(Connection connection, Lane lane) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("delete from delivery_lane where connector = ? and lane = ?")) {
            delete.setString(1, lane.connector());
            delete.setString(2, lane.name());
            delete.executeUpdate();
        }
    }
}
