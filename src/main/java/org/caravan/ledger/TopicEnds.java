package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;

/**
 * How far a source that is read from a topic is rated: where its partitions ended once usage before a moment was awaited no
 * longer, and whether all of them were read up to there.
 *
 * <p>Each call is a transaction of its own. Safe for concurrent use by any number of hubs.
 */
public final class TopicEnds {
    private final DataSource dataSource;
    private final Clock clock;

    public TopicEnds(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /**
     * Notes where partitions end, each once: what was noted before stays. Only of partitions that are known.
     *
     * @param until the moment before which usage is awaited no longer
     * @param logs as seen after that moment and its grace
     * @return true if anything was noted
     */
    public boolean note(String source, String topicKey, Instant until, List<TopicPartitions.Log> logs)
            throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        """
                        insert into topic_end (source, until, key, log_end, noted_at)
                        select t.source, ?, t.key, u.log_end, ?
                          from unnest(?, ?) as u (partition, log_end)
                          join topic_partition t on t.source = ? and t.topic_key = ? and t.partition = u.partition
                         where t.current
                        on conflict do nothing
                        """)) {
            insert.setTimestamp(1, Timestamp.from(until));
            insert.setTimestamp(2, Timestamp.from(clock.instant()));
            insert.setArray(
                    3,
                    connection.createArrayOf(
                            "int4",
                            logs.stream().map(TopicPartitions.Log::partition).toArray()));
            insert.setArray(
                    4,
                    connection.createArrayOf(
                            "int8", logs.stream().map(TopicPartitions.Log::end).toArray()));
            insert.setString(5, source);
            insert.setString(6, topicKey);
            return insert.executeUpdate() > 0;
        }
    }

    /**
     * The latest moment whose ends are all read, or null. A partition counts until a person went on with its successor;
     * one that is known and has no end noted counts as not read.
     */
    public Instant reached(String source) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        """
                        select max(until) from (
                          select m.until
                            from (select distinct until from topic_end where source = ?) m
                            cross join (select * from topic_partition where source = ? and current) t
                            join position p on p.source = t.source and p.key = t.key
                            left join topic_end e on e.source = t.source and e.until = m.until and e.key = t.key
                           group by m.until having bool_and(e.log_end is not null and p.value >= e.log_end)
                        ) as reached
                        """)) {
            select.setString(1, source);
            select.setString(2, source);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                Timestamp until = row.getTimestamp(1);
                return until == null ? null : until.toInstant();
            }
        }
    }
}
