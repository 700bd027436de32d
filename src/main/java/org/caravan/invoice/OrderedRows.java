package org.caravan.invoice;

import static org.caravan.invoice.DeliveryState.COMMITTED;
import static org.caravan.invoice.DeliveryState.PARKED;
import static org.caravan.invoice.DeliveryState.RETRYING;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import org.caravan.common.UserError;

/** The rows that a person's order holds and moves, within the order's transaction; each update names state and attempt. */
final class OrderedRows {
    /** A row is held for milliseconds; who holds one longer is frozen. */
    private static final String LOCK_WAIT = "10s";

    private static final String STILL = " where id = ? and state = ? and attempt = ?";

    private final DeliverySettings settings;
    private final Clock clock;

    OrderedRows(DeliverySettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    static void limitWait(Connection connection) throws SQLException {
        try (Statement set = connection.createStatement()) {
            set.execute("set local lock_timeout = '" + LOCK_WAIT + "'");
        }
    }

    String reason(String text) {
        return text == null ? null : settings.reason(text);
    }

    /** A delivery, held until the transaction ends. */
    DeliveryRow delivery(Connection connection, long id) throws SQLException {
        return held(connection, DeliveryRow.DELIVERIES + " where v.id = ? for update of v", id, "delivery " + id);
    }

    /** A document's fan-out, held until the transaction ends. */
    DeliveryRow fanOut(Connection connection, long document) throws SQLException {
        String sql = DeliveryRow.FAN_OUTS + " where o.document = ? for update of o";
        return held(connection, sql, document, "fan-out of document " + document);
    }

    private static DeliveryRow held(Connection connection, String sql, long id, String name) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setLong(1, id);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new UserError(name + ": there is none; caravan deliveries list shows what there is");
                }
                return DeliveryRow.of(row);
            }
        } catch (SQLException e) {
            if ("55P03".equals(e.getSQLState())) {
                throw new UserError(
                        1, name + ": another session has held it for " + LOCK_WAIT + "; try again, or end that one", e);
            }
            throw e;
        }
    }

    /** Due now, with all attempts allowed once more. */
    void again(Connection connection, DeliveryRow row, boolean certain, DeliveryNotes.Note note) throws SQLException {
        if (!row.state().equals(RETRYING.code())) {
            DeliveryState.of(row.state()).become(RETRYING);
        }
        String sql =
                "update delivery set state = 'retrying', due_at = least(due_at, ?), counted_from = attempt, asked = 0,"
                        + " doubt = doubt and not ?, updated_at = ?" + STILL;
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setObject(1, SqlTime.at(clock.instant()));
            update.setBoolean(2, certain);
            update.setObject(3, SqlTime.at(clock.instant()));
            move(connection, update, 4, row, note);
        }
    }

    void park(Connection connection, DeliveryRow row, String reason, DeliveryNotes.Note note) throws SQLException {
        DeliveryState.of(row.state()).become(PARKED);
        String sql = "update delivery set state = 'parked', last_error = ?, owner = null, lease_until = null,"
                + " updated_at = ?" + STILL;
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, reason("parked by " + note.who() + ": " + reason));
            update.setObject(2, SqlTime.at(clock.instant()));
            move(connection, update, 3, row, note);
        }
    }

    void adopt(
            Connection connection,
            DeliveryRow row,
            String reference,
            BigDecimal total,
            String alarm,
            DeliveryNotes.Note note)
            throws SQLException {
        DeliveryState.of(row.state()).become(COMMITTED);
        String sql =
                "update delivery set state = 'committed', reference = ?, erp_total = ?, last_error = ?, doubt = false,"
                        + " owner = null, lease_until = null, committed_at = ?, updated_at = ?" + STILL;
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, reference);
            update.setBigDecimal(2, total);
            update.setString(3, reason(alarm));
            update.setObject(4, SqlTime.at(clock.instant()));
            update.setObject(5, SqlTime.at(clock.instant()));
            move(connection, update, 6, row, note);
        }
    }

    /** Another total of what is committed; its state stays. */
    void total(Connection connection, DeliveryRow row, BigDecimal total, String alarm, DeliveryNotes.Note note)
            throws SQLException {
        String sql = "update delivery set erp_total = ?, last_error = ?, updated_at = ?" + STILL;
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setBigDecimal(1, total);
            update.setString(2, reason(alarm));
            update.setObject(3, SqlTime.at(clock.instant()));
            move(connection, update, 4, row, note);
        }
    }

    /** Number of another document that has this reference at a connector already, or null. */
    static String takenBy(Connection connection, String connector, String reference, long delivery)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                select d.number from delivery v join document d on d.id = v.document
                 where v.connector = ? and v.reference = ? and v.id <> ? order by v.id limit 1
                """)) {
            select.setString(1, connector);
            select.setString(2, reference);
            select.setLong(3, delivery);
            try (ResultSet taken = select.executeQuery()) {
                return taken.next() ? taken.getString(1) : null;
            }
        }
    }

    void askAgain(Connection connection, DeliveryRow row, DeliveryNotes.Note note) throws SQLException {
        String sql = "update outbox set state = 'pending', due_at = least(due_at, ?), counted_from = attempt,"
                + " updated_at = ? where document = ? and state = ? and attempt = ?";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setObject(1, SqlTime.at(clock.instant()));
            update.setObject(2, SqlTime.at(clock.instant()));
            update.setLong(3, row.document().id());
            finish(connection, update, 4, row, note);
        }
    }

    private static void move(
            Connection connection, PreparedStatement update, int parameter, DeliveryRow row, DeliveryNotes.Note note)
            throws SQLException {
        update.setLong(parameter, row.id());
        finish(connection, update, parameter + 1, row, note);
    }

    private static void finish(
            Connection connection, PreparedStatement update, int parameter, DeliveryRow row, DeliveryNotes.Note note)
            throws SQLException {
        update.setString(parameter, row.state());
        update.setInt(parameter + 1, row.attempt());
        if (update.executeUpdate() != 1) {
            throw new IllegalStateException(row.name() + " changed although it is held");
        }
        DeliveryNotes.write(connection, row.document().id(), note);
    }
}
