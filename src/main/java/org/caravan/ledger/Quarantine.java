package org.caravan.ledger;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The records that could not be billed, and what became of them: looking, and throwing away. {@link QuarantineRetry} bills
 * them.
 *
 * <p>Each call is a transaction of its own. Safe for concurrent use by any number of hubs and commands.
 */
public final class Quarantine {
    /** The source that batches of records out of quarantine name. */
    public static final String SOURCE = "quarantine";

    private static final String COLUMNS =
            """
            id, source, key, position, kind, reason, format, context, raw, complete, billed, tenant, usage_month, state,
            amount, billed_amount, note, batch, effect, created_at, updated_at
            """;

    private final DataSource dataSource;
    private final Clock clock;

    public Quarantine(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /**
     * How much there is.
     *
     * @param records number of records
     * @param bytes of text kept of them
     * @param oldest when the oldest of them came; null if there is none
     */
    public record Size(long records, long bytes, Instant oldest) {}

    /** How much matches. */
    public Size size(QuarantineFilter filter) throws SQLException {
        String sql = "select count(*), coalesce(sum(octet_length(raw) + coalesce(octet_length(billed), 0)), 0),"
                + " min(created_at) from quarantine where " + filter.condition();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            filter.set(select, 1);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new Size(row.getLong(1), row.getLong(2), instant(row, 3));
            }
        }
    }

    /** What matches, oldest first, at most {@code limit} records with an id above {@code after}. */
    public List<QuarantineEntry> list(QuarantineFilter filter, long after, int limit) throws SQLException {
        String sql = "select " + COLUMNS + " from quarantine where " + filter.condition()
                + " and id > ? order by id limit ?";
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            int at = filter.set(select, 1);
            select.setLong(at, after);
            select.setInt(at + 1, limit);
            return read(select);
        }
    }

    /** As {@link #list}, the ids alone. */
    public List<Long> ids(QuarantineFilter filter, long after, int limit) throws SQLException {
        String sql = "select id from quarantine where " + filter.condition() + " and id > ? order by id limit ?";
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            int at = filter.set(select, 1);
            select.setLong(at, after);
            select.setInt(at + 1, limit);
            List<Long> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(row.getLong(1));
                }
            }
            return found;
        }
    }

    /** Records of one source position in the order of their position, at most {@code limit}. */
    public List<QuarantineEntry> of(String source, String key, int limit) throws SQLException {
        String sql =
                "select " + COLUMNS + " from quarantine where source = ? and key = ? order by position, id limit ?";
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, source);
            select.setString(2, key);
            select.setInt(3, limit);
            return read(select);
        }
    }

    /** The records with these ids, in order of id; unknown ids are left out. */
    public List<QuarantineEntry> find(Collection<Long> ids) throws SQLException {
        String sql = "select " + COLUMNS + " from quarantine where id = any (?) order by id";
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setArray(1, connection.createArrayOf("int8", ids.toArray()));
            return read(select);
        }
    }

    /** One record. */
    public Optional<QuarantineEntry> find(long id) throws SQLException {
        return find(List.of(id)).stream().findFirst();
    }

    /**
     * Throws held records away: they stay in the list as dropped, with the reason, and are never billed.
     *
     * @return the ids that were held and are dropped now
     */
    public List<Long> drop(Collection<Long> ids, String reason) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        """
                        with chosen as (
                          select id from quarantine where id = any (?) and state = 'held' order by id for update)
                        update quarantine set state = 'dropped', note = ?, updated_at = ?
                         where id in (select id from chosen) returning id
                        """)) {
            Array array = connection.createArrayOf("int8", ids.toArray());
            update.setArray(1, array);
            update.setString(2, QuarantineWriter.bounded(reason, 1_000));
            update.setObject(3, clock.instant().atOffset(ZoneOffset.UTC));
            List<Long> dropped = new ArrayList<>();
            try (ResultSet row = update.executeQuery()) {
                while (row.next()) {
                    dropped.add(row.getLong(1));
                }
            }
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
            return dropped;
        }
    }

    /** Gives held records another reason, such as why trying them again was in vain. */
    void hold(Collection<Long> ids, String reason) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "update quarantine set reason = ?, updated_at = ? where id = any (?) and state = 'held'")) {
            update.setString(1, QuarantineWriter.bounded(reason, 1_000));
            update.setObject(2, clock.instant().atOffset(ZoneOffset.UTC));
            update.setArray(3, connection.createArrayOf("int8", ids.toArray()));
            update.executeUpdate();
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        }
    }

    private static List<QuarantineEntry> read(PreparedStatement select) throws SQLException {
        List<QuarantineEntry> found = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                Date month = row.getDate(13);
                BigDecimal amount = row.getBigDecimal(15);
                found.add(new QuarantineEntry(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getObject(4, Long.class),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7),
                        row.getString(8),
                        row.getString(9),
                        row.getBoolean(10),
                        row.getString(11),
                        row.getString(12),
                        month == null ? null : YearMonth.from(month.toLocalDate()),
                        row.getString(14),
                        amount,
                        row.getBigDecimal(16),
                        row.getString(17),
                        row.getLong(18),
                        row.getObject(19, Long.class),
                        instant(row, 20),
                        instant(row, 21)));
            }
        }
        return found;
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
