package org.caravan.invoice;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.YearMonth;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.caravan.common.UserError;

/**
 * A ledger that was put back from a backup stands still until it is recovered: what was issued since the backup would be
 * issued again, under the same numbers, with other content. Usage may be taken in meanwhile.
 */
public final class RestoredLedger {
    private RestoredLedger() {}

    /**
     * A ledger that waits to be recovered.
     *
     * @param at when it was restored
     * @param backupTakenAt moment of the backup's snapshot; null where that is not known
     */
    public record Waiting(Instant at, Instant backupTakenAt) {
        /** Why it stands still. */
        public String reason() {
            return "the ledger was restored"
                    + (backupTakenAt == null ? "" : " from a backup of " + backupTakenAt)
                    + " and issues and delivers nothing, or what was issued since would be issued again";
        }

        /** What ends it. */
        public String remedy() {
            return "run caravan recover";
        }

        /** Reason and remedy in a line. */
        public String message() {
            return reason() + "; " + remedy();
        }
    }

    /** Empty if the ledger may issue; for commands, health and whoever else wants to say why nothing moves. */
    public static Optional<Waiting> waiting(DataSource dataSource) throws SQLException {
        return Transactions.single(dataSource, RestoredLedger::waiting);
    }

    /** As {@link #waiting(DataSource)}, within the caller's transaction. */
    public static Optional<Waiting> waiting(Connection connection) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(
                        "select at, backup_taken_at from restored where recovered_at is null order by id desc limit 1")) {
            return row.next()
                    ? Optional.of(new Waiting(SqlTime.instant(row, "at"), SqlTime.instant(row, "backup_taken_at")))
                    : Optional.empty();
        }
    }

    /**
     * Stands before everything that gives out a number; to be called within the transaction that does.
     *
     * @throws UserError if the ledger waits to be recovered
     */
    public static void requireRecovered(Connection connection) throws SQLException {
        Optional<Waiting> waiting = waiting(connection);
        if (waiting.isPresent()) {
            throw new UserError(1, waiting.get().message(), null);
        }
    }

    /** As {@link #requireRecovered(Connection)}, before a long work whose end would be refused. */
    public static void requireRecovered(DataSource dataSource) throws SQLException {
        Transactions.single(dataSource, connection -> {
            requireRecovered(connection);
            return null;
        });
    }

    /** Numbers of a month's documents that connectors hold and that are to be issued again. */
    public static Set<String> numbersToIssueAgain(DataSource dataSource, YearMonth month) throws SQLException {
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("select number from recovered where document is null and month = ?")) {
                select.setObject(1, SqlTime.month(month));
                Set<String> numbers = new HashSet<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        numbers.add(row.getString(1));
                    }
                }
                return numbers;
            }
        });
    }

    /**
     * Holds new deliveries of documents that were issued before the ledger was restored, or are issued again, where the
     * connector can't be asked and the same one sent twice would be two invoices: they begin in doubt, for a person to adopt
     * or resend.
     */
    static void holdInDoubt(Connection connection, List<Long> documents) throws SQLException {
        DeliveryState.PENDING.become(DeliveryState.IN_DOUBT);
        String sql =
                """
                update delivery v set state = 'in-doubt', doubt = true, due_at = 'infinity', owner = null, lease_until = null,
                       last_error = 'document ' || d.number || ' was issued before the ledger was restored; whether '
                                    || v.connector || ' has it is not known: adopt its reference, or resend'
                  from document d
                 where d.id = v.document and v.document = any (?) and v.state = 'pending' and v.attempt = 0
                   and exists (select from recovery c join restored s on s.id = c.restored
                                where c.connector = v.connector and c.doubt
                                  and (d.issued_at <= s.at
                                       or exists (select from recovered r
                                                   where r.restored = s.id and r.document = v.document)))
                """;
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setArray(1, connection.createArrayOf("int8", documents.toArray()));
            update.executeUpdate();
        }
    }
}
