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
import javax.sql.DataSource;
import org.caravan.common.UserError;

/** What people decide of partitions that stand still: from where they are read on. Each decision is kept. */
public final class TopicDecisions {
    private final DataSource dataSource;
    private final Duration lockWait;
    private final Clock clock;

    /** @param lockWait longest wait for a hub that holds a position */
    public TopicDecisions(DataSource dataSource, Duration lockWait, Clock clock) {
        this.dataSource = dataSource;
        this.lockWait = lockWait;
        this.clock = clock;
    }

    /**
     * A partition that stands still.
     *
     * @param position where the ledger stands in it
     * @param start first offset that its log was last seen to hold
     * @param end offset behind the last one
     */
    public record Stopped(int partition, String key, long position, long start, long end, String reason) {}

    /** The partitions of a source that stand still, in their order. */
    public List<Stopped> stopped(String source) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return stopped(connection, source);
        }
    }

    /**
     * Lets a partition be read on from an offset; of a topic that was made again, in the place of the one before, and of
     * those before that have no successor.
     *
     * @param from within what its log holds; what lies between the ledger's position and here is given up, and what was
     *     read before is known by its identity
     * @param reason why, for whoever looks later
     * @param who decided
     * @throws UserError if it does not stand still, or the offset is not in its log
     */
    public Stopped goOn(String source, int partition, long from, String reason, String who) throws SQLException {
        return LockingTransaction.run(dataSource, lockWait, connection -> {
            Stopped stopped = stopped(connection, source).stream()
                    .filter(one -> one.partition() == partition)
                    .findFirst()
                    .orElseThrow(() -> new UserError("source " + source + ": partition " + partition
                            + " does not stand still; caravan sources shows which do"));
            if (from < stopped.start() || from > stopped.end()) {
                throw new UserError("source " + source + ": partition " + partition + " was last seen to hold ["
                        + stopped.start() + ", " + stopped.end() + "); choose an offset from " + stopped.start()
                        + " to " + stopped.end());
            }
            long before = TopicPartitions.lockPosition(connection, source, stopped.key());
            execute(
                    connection,
                    "update position set value = ?, done = false, updated_at = now() where source = ? and key = ?",
                    from,
                    source,
                    stopped.key());
            execute(
                    connection,
                    """
                    update topic_partition set stopped = null, stopped_position = null, stopped_at = null, current = true
                     where source = ? and key = ?
                    """,
                    source,
                    stopped.key());
            execute(
                    connection,
                    """
                    update topic_partition o set current = false
                      from topic_partition n where n.source = ? and n.key = ? and o.source = n.source and o.key <> n.key
                       and o.topic_key <> n.topic_key
                       and (o.partition = n.partition
                            or not exists (select from topic_partition s where s.source = n.source
                                              and s.topic_key = n.topic_key and s.partition = o.partition))
                    """,
                    source,
                    stopped.key());
            execute(
                    connection,
                    """
                    insert into topic_decision (source, key, partition, stopped, from_position, to_position, reason, who, at)
                    values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                    source,
                    stopped.key(),
                    partition,
                    stopped.reason(),
                    before,
                    from,
                    reason,
                    who,
                    Timestamp.from(clock.instant()));
            return stopped;
        });
    }

    /** Those of the newest topic: what was made again twice is decided once. */
    private static List<Stopped> stopped(Connection connection, String source) throws SQLException {
        List<Stopped> stopped = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                """
                select distinct on (t.partition) t.partition, t.key, p.value, t.log_start, t.log_end, t.stopped
                  from topic_partition t join position p on p.source = t.source and p.key = t.key
                 where t.source = ? and t.current and t.stopped is not null
                 order by t.partition, t.stopped_at desc, t.seen_at desc
                """)) {
            TopicPartitions.bind(select, source);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    stopped.add(new Stopped(
                            row.getInt(1),
                            row.getString(2),
                            row.getLong(3),
                            row.getLong(4),
                            row.getLong(5),
                            row.getString(6)));
                }
            }
        }
        return stopped;
    }

    private static void execute(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            TopicPartitions.bind(statement, values);
            statement.executeUpdate();
        }
    }
}
