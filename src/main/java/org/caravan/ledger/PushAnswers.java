package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * What pushes with an {@code Idempotency-Key} were answered, by source and key. An answer is written in the transaction of
 * its usage; while it is known, the same key never takes anything in again.
 */
public final class PushAnswers {
    /** Answers forgotten in one transaction. */
    private static final int MAX_AT_ONCE = 10_000;

    private final DataSource dataSource;
    private final Duration known;
    private final Clock clock;

    /** @param known how long an answer is kept */
    public PushAnswers(DataSource dataSource, Duration known, Clock clock) {
        this.dataSource = dataSource;
        this.known = known;
        this.clock = clock;
    }

    /**
     * An answer.
     *
     * @param digest of the body that was answered
     * @param status of HTTP
     */
    public record Answer(byte[] digest, int status, byte[] body) {}

    /** The answer to a key, if it is still known. */
    public Optional<Answer> find(String source, String key) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return find(connection, source, key);
        }
    }

    /** As {@link #find(String, String)}, within the caller's transaction. */
    public Optional<Answer> find(Connection connection, String source, String key) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                select digest, status, answer from push_answer
                 where source = ? and key = ? and created_at > ? and answer is not null
                """)) {
            select.setString(1, source);
            select.setString(2, key);
            select.setTimestamp(3, oldest());
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new Answer(row.getBytes(1), row.getInt(2), row.getBytes(3)))
                        : Optional.empty();
            }
        }
    }

    /**
     * Takes a key for the caller's transaction; one that another transaction holds is waited for.
     *
     * @return false if it was answered before
     */
    public boolean claim(Connection connection, String source, String key, byte[] digest) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(
                "delete from push_answer where source = ? and key = ? and created_at <= ?")) {
            delete.setString(1, source);
            delete.setString(2, key);
            delete.setTimestamp(3, oldest());
            delete.executeUpdate();
        }
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into push_answer (source, key, digest, created_at) values (?, ?, ?, ?) on conflict do nothing
                """)) {
            insert.setString(1, source);
            insert.setString(2, key);
            insert.setBytes(3, digest);
            insert.setTimestamp(4, Timestamp.from(clock.instant()));
            return insert.executeUpdate() == 1;
        }
    }

    /** Says what a claimed key is answered, in the same transaction. */
    public void answer(Connection connection, String source, String key, int status, byte[] body) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update push_answer set status = ?, answer = ? where source = ? and key = ?")) {
            update.setInt(1, status);
            update.setBytes(2, body);
            update.setString(3, source);
            update.setString(4, key);
            update.executeUpdate();
        }
    }

    /** Forgets answers that are too old, at most a bounded number at a time; answers how many. */
    public int forget() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete = connection.prepareStatement(
                        """
                        delete from push_answer where (source, key) in (
                          select source, key from push_answer where created_at <= ? limit ?)
                        """)) {
            delete.setTimestamp(1, oldest());
            delete.setInt(2, MAX_AT_ONCE);
            int forgotten = delete.executeUpdate();
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
            return forgotten;
        }
    }

    /** Why records of a body that was taken in before are still set aside, by their position. */
    public Map<Long, String> held(Connection connection, String source, String position) throws SQLException {
        Map<Long, String> held = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(
                "select position, reason from quarantine where source = ? and key = ? and state = 'held'")) {
            select.setString(1, source);
            select.setString(2, position);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    held.put(row.getLong(1), row.getString(2));
                }
            }
        }
        return held;
    }

    /** Says that a source was pushed to, in the transaction that takes a push in. */
    public void reported(Connection connection, String source) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update source set reported_at = ? where name = ? and reported_at is null")) {
            update.setTimestamp(1, Timestamp.from(clock.instant()));
            update.setString(2, source);
            update.executeUpdate();
        }
    }

    /** When something was taken in of a source last, by its positions. */
    public Optional<Instant> lastBatch(String source) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        """
                        select coalesce((select max(updated_at) from position where source = ?),
                                        (select reported_at from source where name = ?))
                        """)) {
            select.setString(1, source);
            select.setString(2, source);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return Optional.ofNullable(row.getTimestamp(1)).map(Timestamp::toInstant);
            }
        }
    }

    private Timestamp oldest() {
        return Timestamp.from(clock.instant().minus(known));
    }
}
