package org.caravan.invoice;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Locale;

/**
 * What people ordered for documents on their way, and what the hub learnt by asking: who, when, what and why. Written with
 * the change, never changed.
 */
final class DeliveryNotes {
    private DeliveryNotes() {}

    /** What was ordered. */
    enum Action {
        RETRY,
        PARK,
        ADOPT,
        RESEND,
        BACKFILL,
        /** Not ordered: the hub asked the connector, and its answer ended a doubt. */
        ASK;

        String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * An order that was carried out.
     *
     * @param delivery null where the fan-out itself was meant
     * @param who the person, as the operating system knows them
     * @param from state before; null where the row was made by the order
     * @param attempt number of the last attempt made before
     * @param reason why, or what came with it; null if nothing was said
     */
    record Note(
            Long delivery, Instant at, String who, String action, String from, String to, int attempt, String reason) {}

    static void write(Connection connection, long document, Note note) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into delivery_note (document, delivery, at, who, action, from_state, to_state, attempt, reason)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)) {
            insert.setLong(1, document);
            insert.setObject(2, note.delivery(), Types.BIGINT);
            insert.setObject(3, SqlTime.at(note.at()));
            insert.setString(4, note.who());
            insert.setString(5, note.action());
            insert.setString(6, note.from());
            insert.setString(7, note.to());
            insert.setInt(8, note.attempt());
            insert.setString(9, note.reason());
            insert.executeUpdate();
        }
    }
}
