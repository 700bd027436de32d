package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * The metrics of a source that is pulled window by window: where reading of each stands, and whether the other side was ever
 * found to have it. A position is a time in whole seconds since 1970: everything before it is in the ledger. It moves with the
 * batch that brings it there, never by a call of this class.
 *
 * <p>Each call is a transaction of its own. Safe for concurrent use by any number of hubs.
 */
public final class PulledMetrics {
    private static final String AGAIN = " again";

    private final DataSource dataSource;
    private final Duration lockWait;
    private final Clock clock;

    /** @param lockWait longest wait for a hub that makes metrics known */
    public PulledMetrics(DataSource dataSource, Duration lockWait, Clock clock) {
        this.dataSource = dataSource;
        this.lockWait = lockWait;
        this.clock = clock;
    }

    /**
     * A metric as the configuration lists it.
     *
     * @param granularity windows begin and end at multiples of it
     * @param from where its reading begins if it is new to the ledger; null where the configuration does not say
     */
    public record Listed(String key, Duration granularity, Instant from) {}

    /**
     * A metric as the ledger knows it.
     *
     * @param since where its reading began
     * @param readUntil everything before it is in the ledger
     * @param readAgainUntil everything before it was looked at a second time
     * @param seenAt when the other side was first found to have it; null if never
     * @param excusedAt when a person was found to have declared a month complete all the same; null if none has
     */
    public record Metric(
            String key, Instant since, Instant readUntil, Instant readAgainUntil, Instant seenAt, Instant excusedAt) {
        /** True if nobody knows whether the other side has such a metric at all. */
        public boolean isDoubtful() {
            return seenAt == null && excusedAt == null;
        }
    }

    /** The position of a metric's second look; that of the first is the metric's own key. */
    public static String again(String key) {
        return key + AGAIN;
    }

    /** True for a key that reads as that of a second look; a metric can't have it. */
    public static boolean isAgain(String key) {
        return key.endsWith(AGAIN);
    }

    /**
     * Makes the listed metrics known, each with its positions, and says of all others that they are not listed. One that is
     * new begins where the configuration says; else where the source is rated until, so that no month that may be closed is
     * read; else where the source began; else at {@code otherwise}. The source must be known.
     */
    public void list(String source, List<Listed> metrics, Instant otherwise) throws SQLException {
        LockingTransaction.run(dataSource, lockWait, connection -> {
            Instant begin = begin(connection, source, otherwise);
            execute(connection, "update pulled_metric set listed = false where source = ?", source);
            for (Listed metric : metrics) {
                Instant since = floor(metric.from() == null ? begin : metric.from(), metric.granularity());
                execute(
                        connection,
                        """
                        insert into pulled_metric (source, key, since, listed_at) values (?, ?, ?, ?)
                        on conflict (source, key) do update set listed = true
                        """,
                        source,
                        metric.key(),
                        Timestamp.from(since),
                        Timestamp.from(clock.instant()));
                for (String key : List.of(metric.key(), again(metric.key()))) {
                    execute(
                            connection,
                            """
                            insert into position (source, key, value)
                            select source, ?, extract(epoch from since) from pulled_metric where source = ? and key = ?
                            on conflict do nothing
                            """,
                            key,
                            source,
                            metric.key());
                }
            }
            return null;
        });
    }

    /** Those that are listed, in order of key. */
    public List<Metric> listed(String source) throws SQLException {
        List<Metric> metrics = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        """
                        select m.key, m.since, p.value, a.value, m.seen_at, m.excused_at
                          from pulled_metric m
                          join position p on p.source = m.source and p.key = m.key
                          join position a on a.source = m.source and a.key = m.key || ?
                         where m.source = ? and m.listed order by m.key collate "C"
                        """)) {
            select.setString(1, AGAIN);
            select.setString(2, source);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    metrics.add(new Metric(
                            row.getString(1),
                            instant(row, 2),
                            Instant.ofEpochSecond(row.getLong(3)),
                            Instant.ofEpochSecond(row.getLong(4)),
                            instant(row, 5),
                            instant(row, 6)));
                }
            }
        }
        return metrics;
    }

    /** Says that the other side has such a metric; the first time counts. */
    public void seen(String source, String key) throws SQLException {
        update(
                "update pulled_metric set seen_at = ? where source = ? and key = ? and seen_at is null",
                Timestamp.from(clock.instant()),
                source,
                key);
    }

    /** Excuses the metrics that were never seen, where a person has since declared a month complete that they were read of. */
    public void excuseDeclared(String source) throws SQLException {
        update(
                """
                update pulled_metric m set excused_at = ?
                  from source s
                 where s.name = m.source and s.declared and s.rated_until > m.since and m.source = ? and m.listed
                   and m.seen_at is null and m.excused_at is null
                """,
                Timestamp.from(clock.instant()),
                source);
    }

    private static Instant begin(Connection connection, String source, Instant otherwise) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                select coalesce(s.rated_until, m.since), m.since
                  from source s cross join (select min(since) as since from pulled_metric where source = ?) m
                 where s.name = ? for no key update of s
                """)) {
            select.setString(1, source);
            select.setString(2, source);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("source " + source + " was never made known");
                }
                return row.getTimestamp(2) == null ? otherwise : instant(row, 1);
            }
        }
    }

    private static Instant floor(Instant time, Duration granularity) {
        long step = granularity.toSeconds();
        return Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), step) * step);
    }

    private void update(String sql, Object... values) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            execute(connection, sql, values);
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        }
    }

    private static void execute(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        Timestamp time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }
}
