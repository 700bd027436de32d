package org.caravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import javax.sql.DataSource;

/** How far tables of other databases were read; moved in the transaction of what was read. */
public final class SqlWatermarks {
    private final DataSource dataSource;
    private final Clock clock;

    public SqlWatermarks(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /**
     * Where a source stands.
     *
     * @param watermark what lies before it was read; null before the first time
     * @param pages what was committed of it
     */
    public record Place(Instant watermark, long pages) {}

    /** Where a source stands; makes it known if it is not. */
    public Place find(String source) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            try (PreparedStatement insert = connection.prepareStatement(
                            "insert into sql_watermark (source, updated_at) values (?, ?) on conflict do nothing");
                    PreparedStatement select = connection.prepareStatement(
                            "select watermark, pages from sql_watermark where source = ?")) {
                insert.setString(1, source);
                insert.setObject(2, now());
                insert.executeUpdate();
                select.setString(1, source);
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    OffsetDateTime watermark = row.getObject(1, OffsetDateTime.class);
                    Place place = new Place(watermark == null ? null : watermark.toInstant(), row.getLong(2));
                    if (!autoCommit) {
                        connection.commit();
                    }
                    return place;
                }
            }
        }
    }

    /**
     * Locks a source's place for the caller's transaction.
     *
     * @return false if it is not where the caller left it: another hub has read on
     */
    public boolean claim(Connection connection, String source, long pages) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select pages from sql_watermark where source = ? for update")) {
            select.setString(1, source);
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getLong(1) == pages;
            }
        }
    }

    /** Moves a claimed place on by one page, and its watermark forward. */
    public void advance(Connection connection, String source, Instant watermark) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                update sql_watermark set watermark = greatest(watermark, ?), pages = pages + 1, updated_at = ?
                 where source = ?
                """)) {
            update.setObject(1, watermark.atOffset(ZoneOffset.UTC));
            update.setObject(2, now());
            update.setString(3, source);
            update.executeUpdate();
        }
    }

    /**
     * Says that everything before a moment was read.
     *
     * @return false if the place is not where the caller left it
     */
    public boolean finish(String source, long pages, Instant watermark) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        """
                        update sql_watermark set watermark = greatest(watermark, ?), updated_at = ?
                         where source = ? and pages = ?
                        """)) {
            update.setObject(1, watermark.atOffset(ZoneOffset.UTC));
            update.setObject(2, now());
            update.setString(3, source);
            update.setLong(4, pages);
            boolean moved = update.executeUpdate() == 1;
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
            return moved;
        }
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }
}
