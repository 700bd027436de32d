package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The sources of usage and how far each is <em>rated until</em>: the moment before which its usage is in the ledger. A
 * configured source that never reported holds every month.
 *
 * <p>Each call is a transaction of its own. Safe for concurrent use by any number of hubs.
 */
public final class Sources {
    private final DataSource dataSource;
    private final Clock clock;

    public Sources(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /**
     * A source as the ledger knows it.
     *
     * @param kind what it is read with: {@code files}, {@code kafka}, {@code gnocchi}, {@code sql}, {@code push}
     * @param ratedUntil usage before it is in the ledger; null if it never reported
     * @param declared true if a person said so
     * @param configured false if no hub reads it any more; it holds nothing then
     * @param lastError the last failure since the last success, or null
     * @param lastErrorAt when that was, or null
     * @param updatedAt when anything of it was last written
     */
    public record Source(
            String name,
            String kind,
            Instant ratedUntil,
            boolean declared,
            boolean configured,
            String lastError,
            Instant lastErrorAt,
            Instant updatedAt) {}

    /** Makes a source known, or configured again; what it reported before stays. */
    public void configure(String name, String kind) throws SQLException {
        update(
                """
                insert into source as s (name, kind, created_at, updated_at) values (?, ?, ?, ?)
                on conflict (name) do update set kind = excluded.kind, configured = true, updated_at = excluded.updated_at
                """,
                name,
                kind,
                now(),
                now());
    }

    /**
     * Says that no hub reads it any more, so that it holds no month.
     *
     * @return false if there is no such source
     */
    public boolean forget(String name) throws SQLException {
        return update("update source set configured = false, updated_at = ? where name = ?", now(), name) == 1;
    }

    /**
     * Moves the moment forward; one that lies before the known one changes nothing.
     *
     * @param declared true if a person says so, not the source itself
     * @return false if there is no such source
     */
    public boolean ratedUntil(String name, Instant until, boolean declared) throws SQLException {
        return update(
                        """
                        update source set declared = case when rated_until >= ? then declared else ? end,
                               rated_until = greatest(rated_until, ?), updated_at = ? where name = ?
                        """,
                        Timestamp.from(until),
                        declared,
                        Timestamp.from(until),
                        now(),
                        name)
                == 1;
    }

    /** Keeps what went wrong last; {@link #succeeded} clears it. */
    public void failed(String name, String error) throws SQLException {
        update(
                "update source set last_error = ?, last_error_at = ?, updated_at = ? where name = ?",
                error.length() <= 2_000 ? error : error.substring(0, 2_000),
                now(),
                now(),
                name);
    }

    /** Says that reading works again. */
    public void succeeded(String name) throws SQLException {
        update(
                """
                update source set last_error = null, last_error_at = null, updated_at = ?
                 where name = ? and last_error is not null
                """,
                now(),
                name);
    }

    /** Names of the configured sources of a kind that brought something ever: those that may call themselves complete. */
    public List<String> reporting(String kind) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select name from source where kind = ? and configured and reported_at is not null order by name")) {
            select.setString(1, kind);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    names.add(row.getString(1));
                }
            }
        }
        return names;
    }

    /** One source by name. */
    public Optional<Source> find(String name) throws SQLException {
        return list().stream().filter(source -> source.name().equals(name)).findFirst();
    }

    /** All sources in order of name. */
    public List<Source> list() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return list(connection);
        }
    }

    /** As {@link #list()}, within the caller's transaction. */
    public static List<Source> list(Connection connection) throws SQLException {
        List<Source> sources = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                        """
                        select name, kind, rated_until, declared, configured, last_error, last_error_at, updated_at
                          from source order by name collate "C"
                        """);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                sources.add(new Source(
                        row.getString(1),
                        row.getString(2),
                        instant(row.getTimestamp(3)),
                        row.getBoolean(4),
                        row.getBoolean(5),
                        row.getString(6),
                        instant(row.getTimestamp(7)),
                        instant(row.getTimestamp(8))));
            }
        }
        return sources;
    }

    private int update(String sql, Object... parameters) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                update.setObject(i + 1, parameters[i]);
            }
            int count = update.executeUpdate();
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
            return count;
        }
    }

    private Timestamp now() {
        return Timestamp.from(clock.instant());
    }

    private static Instant instant(Timestamp timestamp) {
        return timestamp == null ? null : timestamp.toInstant();
    }
}
