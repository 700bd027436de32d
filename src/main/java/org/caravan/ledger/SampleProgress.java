package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/** Up to which moment the samples are taken to be complete. */
final class SampleProgress {
    /** A topic that nobody has looked at for so long may hold anything. */
    private static final Duration SEEN_LATELY = Duration.ofMinutes(5);

    private final DataSource dataSource;
    private final SampleSettings settings;
    private final Clock clock;

    SampleProgress(DataSource dataSource, SampleSettings settings, Clock clock) {
        this.dataSource = dataSource;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Microseconds since 1970: usage is made of hours that end by then. It is {@code lateness} before the newest sample, of a
     * partition that is still behind before that one's newest; or what all inputs say that they are rated until, if that is
     * later. Empty while a file is being read, as what follows in it may be of any time, and while nobody knows what the topic
     * still holds.
     */
    Optional<Long> completeUntil() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            long newest;
            try (PreparedStatement select = connection.prepareStatement(
                    """
                    select (select max(newest) from sample_reach where source = any (?)),
                           (select min(coalesce(r.newest, 0)) from topic_partition t
                              left join position p on p.source = t.source and p.key = t.key
                              left join sample_reach r on r.source = t.source and r.key = t.key
                             where t.source = any (?) and t.current and coalesce(p.value, t.log_start) < t.log_end),
                           exists (select from position where source = ? and not done
                                     and updated_at > clock_timestamp() - interval '10 minutes')
                           or ? and not exists (select from topic_partition where source = ? and seen_at > ?)
                    """)) {
                select.setArray(
                        1, connection.createArrayOf("text", settings.inputs().toArray()));
                select.setArray(
                        2, connection.createArrayOf("text", settings.inputs().toArray()));
                select.setString(3, settings.files());
                select.setBoolean(4, settings.topic() != null);
                select.setString(5, settings.topic());
                select.setObject(6, clock.instant().minus(SEEN_LATELY).atOffset(ZoneOffset.UTC));
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    if (row.getBoolean(3)) {
                        return Optional.empty();
                    }
                    newest = row.getLong(1);
                    long behind = row.getLong(2);
                    newest = row.wasNull() ? newest : Math.min(newest, behind);
                }
            }
            return Optional.of(Math.max(newest - settings.lateness().toNanos() / 1_000, declared(connection)));
        }
    }

    private long declared(Connection connection) throws SQLException {
        Map<String, Instant> rated = new HashMap<>();
        for (Sources.Source source : Sources.list(connection)) {
            if (source.configured() && settings.inputs().contains(source.name())) {
                rated.put(source.name(), source.ratedUntil() == null ? Instant.EPOCH : source.ratedUntil());
            }
        }
        return rated.values().stream()
                .min(Instant::compareTo)
                .map(until -> ChronoUnit.MICROS.between(Instant.EPOCH, until))
                .orElse(0L);
    }
}
