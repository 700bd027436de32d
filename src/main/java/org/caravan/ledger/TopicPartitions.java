package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;
import org.caravan.common.UserError;

/**
 * The partitions of the topic that a source is read from: where reading of each goes on, what its log was seen to hold,
 * and which ones stand still until a person decides.
 *
 * <p>Each call is a transaction of its own. Safe for concurrent use by any number of hubs.
 */
public final class TopicPartitions {
    private final DataSource dataSource;
    private final Duration lockWait;
    private final Clock clock;

    /** @param lockWait longest wait for a hub that holds a position or makes partitions known */
    public TopicPartitions(DataSource dataSource, Duration lockWait, Clock clock) {
        this.dataSource = dataSource;
        this.lockWait = lockWait;
        this.clock = clock;
    }

    /**
     * What the log of a partition holds: offsets in [start, end).
     *
     * @param partition its number in the topic
     */
    public record Log(int partition, long start, long end) {}

    /**
     * Where reading of a partition goes on.
     *
     * @param key of its position
     * @param position the first offset that is not in the ledger
     * @param stopped why nothing is read of it until a person decides, or null
     */
    public record Place(int partition, String key, long position, String stopped) {}

    /** The key of a partition's position. */
    public static String key(String topicKey, int partition) {
        return topicKey + "/" + partition;
    }

    /**
     * Keeps what was seen of all partitions of a topic, and makes known those that are new. A topic that the source was
     * never read from begins at the start of each log. Where the source was read from another one of this name, it was
     * deleted and made again, perhaps with usage that nobody read: its partitions stand still.
     *
     * @param topicKey {@code <cluster id>/<topic id>}
     * @param logs of all partitions
     * @return a place for each partition that is known now, in their order
     * @throws UserError if the source was read from a topic of another name
     */
    public List<Place> seen(String source, String topic, String topicKey, List<Log> logs) throws SQLException {
        return inTransaction(connection -> {
            // one hub makes partitions known, the others find them known
            lockSource(connection, source);
            update(connection, source, topicKey, logs);
            List<Place> places = places(connection, source, topicKey);
            List<Log> unknown = logs.stream()
                    .filter(log -> places.stream().noneMatch(place -> place.partition() == log.partition()))
                    .toList();
            if (unknown.isEmpty()) {
                return places;
            }
            String before = topicBefore(connection, source, topic, topicKey);
            for (Log log : unknown) {
                // of a topic that is known, or made again, every partition is read from its very beginning
                long position = places.isEmpty() && before == null ? log.start() : 0;
                insert(connection, source, topic, topicKey, log, position, before);
            }
            return places(connection, source, topicKey);
        });
    }

    /** Where reading of a topic's partitions goes on; empty for one that was never seen. */
    public List<Place> places(String source, String topicKey) throws SQLException {
        return inTransaction(connection -> places(connection, source, topicKey));
    }

    /**
     * Lets a partition stand still until a person decides, unless its position has moved meanwhile.
     *
     * @param place as it was read
     * @return false if it has moved: look again
     */
    public boolean stop(String source, Place place, Log log, String reason) throws SQLException {
        return inTransaction(connection -> {
            if (lockPosition(connection, source, place.key()) != place.position()) {
                return false;
            }
            try (PreparedStatement update = connection.prepareStatement(
                    """
                    update topic_partition set stopped = ?, stopped_position = ?, stopped_at = ?, log_start = ?, log_end = ?,
                           seen_at = ? where source = ? and key = ? and stopped is null
                    """)) {
                bind(update, reason, place.position(), now(), log.start(), log.end(), now(), source, place.key());
                update.executeUpdate();
            }
            return true;
        });
    }

    /**
     * Lets a partition be read again that was read after all, by a hub that had its messages in memory.
     *
     * @return true if it is read now
     */
    public boolean readOn(String source, String key, Log log) throws SQLException {
        return inTransaction(connection -> {
            long position = lockPosition(connection, source, key);
            if (position < log.start() || position > log.end()) {
                return false;
            }
            try (PreparedStatement update = connection.prepareStatement(
                    """
                    update topic_partition set stopped = null, stopped_position = null, stopped_at = null
                     where source = ? and key = ? and stopped is not null and stopped_position <> ?
                    """)) {
                bind(update, source, key, position);
                return update.executeUpdate() == 1;
            }
        });
    }

    // ---- parts of a transaction -------------------------------------------------------------------------------------

    private static void lockSource(Connection connection, String source) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select from source where name = ? for no key update")) {
            bind(select, source);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("source " + source + " was never made known");
                }
            }
        }
    }

    static long lockPosition(Connection connection, String source, String key) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select value from position where source = ? and key = ? for update")) {
            bind(select, source, key);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("source " + source + " has no position " + key);
                }
                return row.getLong(1);
            }
        }
    }

    private void update(Connection connection, String source, String topicKey, List<Log> logs) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                update topic_partition p set log_start = u.log_start, log_end = u.log_end, seen_at = ?
                  from unnest(?, ?, ?) as u (partition, log_start, log_end)
                 where p.source = ? and p.topic_key = ? and p.partition = u.partition and p.seen_at <= ?
                """)) {
            update.setTimestamp(1, now());
            update.setArray(2, connection.createArrayOf("int4", column(logs, Log::partition)));
            update.setArray(3, connection.createArrayOf("int8", column(logs, Log::start)));
            update.setArray(4, connection.createArrayOf("int8", column(logs, Log::end)));
            update.setString(5, source);
            update.setString(6, topicKey);
            update.setTimestamp(7, now());
            update.executeUpdate();
        }
    }

    private static Object[] column(List<Log> logs, Function<Log, Object> value) {
        return logs.stream().map(value).toArray();
    }

    private static List<Place> places(Connection connection, String source, String topicKey) throws SQLException {
        List<Place> places = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                """
                select t.partition, t.key, p.value, t.stopped
                  from topic_partition t join position p on p.source = t.source and p.key = t.key
                 where t.source = ? and t.topic_key = ? order by t.partition
                """)) {
            bind(select, source, topicKey);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    places.add(new Place(row.getInt(1), row.getString(2), row.getLong(3), row.getString(4)));
                }
            }
        }
        return places;
    }

    /** Why a topic's partitions must stand still: the source was read from another of its name. Else null. */
    private static String topicBefore(Connection connection, String source, String topic, String topicKey)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                select topic, topic_key from topic_partition where source = ? and topic_key <> ? and current
                 order by seen_at desc limit 1
                """)) {
            bind(select, source, topicKey);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return null;
                }
                if (!row.getString(1).equals(topic)) {
                    throw new UserError("source " + source + " was read from topic " + row.getString(1)
                            + " before: give topic " + topic + " a source of its own (caravan.kafka.source), or go"
                            + " back to the other");
                }
                return "topic " + topic + " was deleted and made again (it was " + row.getString(2) + ", is " + topicKey
                        + ")";
            }
        }
    }

    private void insert(
            Connection connection, String source, String topic, String topicKey, Log log, long position, String before)
            throws SQLException {
        String key = key(topicKey, log.partition());
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into position (source, key, value) values (?, ?, ?) on conflict do nothing")) {
            bind(insert, source, key, position);
            insert.executeUpdate();
        }
        String reason = before == null ? null : before + ": " + stands(connection, source, topicKey, log);
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into topic_partition (source, key, topic, topic_key, partition, log_start, log_end, seen_at, stopped,
                                             stopped_position, stopped_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)) {
            bind(insert, source, key, topic, topicKey, log.partition(), log.start(), log.end(), now(), reason);
            insert.setObject(10, reason == null ? null : position, java.sql.Types.BIGINT);
            insert.setTimestamp(11, reason == null ? null : now());
            insert.executeUpdate();
        }
    }

    /** Both offsets: the ledger's in the topic before, and what the new log holds. */
    private static String stands(Connection connection, String source, String topicKey, Log log) throws SQLException {
        String now = ", the new log holds [" + log.start() + ", " + log.end() + ")";
        try (PreparedStatement select = connection.prepareStatement(
                """
                select p.value, t.log_end from topic_partition t join position p on p.source = t.source and p.key = t.key
                 where t.source = ? and t.partition = ? and t.topic_key <> ? and t.current order by t.seen_at desc limit 1
                """)) {
            bind(select, source, log.partition(), topicKey);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? "the ledger stands at " + row.getLong(1) + " of the old log, which was last seen to end at "
                                + Math.max(row.getLong(1), row.getLong(2)) + now
                        : "the old one had no such partition" + now;
            }
        }
    }

    private <T> T inTransaction(LockingTransaction.Work<T> work) throws SQLException {
        return LockingTransaction.run(dataSource, lockWait, work);
    }

    static void bind(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    private Timestamp now() {
        return Timestamp.from(clock.instant());
    }
}
