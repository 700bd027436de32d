package org.caravan.invoice;

import static org.caravan.invoice.DeliveryState.COMMITTED;
import static org.caravan.invoice.DeliveryState.IN_DOUBT;
import static org.caravan.invoice.DeliveryState.PARKED;
import static org.caravan.invoice.DeliveryState.RETRYING;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of doubt at a connector that can be asked by key. Safe for concurrent use by any number of hubs: every
 * update names attempt and owner and changes nothing once the lease was lost.
 *
 * <p>"It is there" ends doubt at once. "It is not there" ends it only when no call of ours can be under way any more, for a
 * call whose answer was lost may still be running in the ERP.
 */
final class Lookups {
    private static final Logger LOG = LoggerFactory.getLogger(Lookups.class);

    private static final String HUB = "hub";

    private final DataSource dataSource;
    private final DeliverySettings settings;
    private final Clock clock;

    Lookups(DataSource dataSource, DeliverySettings settings, Clock clock) {
        this.dataSource = dataSource;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * A question that may be put.
     *
     * @param attempt number of the attempt that left the doubt
     * @param asked how often it was asked in vain
     * @param tries attempts since it began, or since a person ordered it to go on
     */
    record Question(
            long delivery, Lanes.Lane lane, String owner, int attempt, int asked, int tries, IssuedDocument document) {}

    /**
     * A document that the connector has committed.
     *
     * @param document its head
     */
    record Known(IssuedDocument document, String reference) {}

    /**
     * Renews the lease of a claimed row for the time that the question takes.
     *
     * @return empty if the claim was lost: leave the row alone
     */
    Optional<Question> begin(Lanes.Claim claim) throws SQLException {
        String sql =
                """
                with v as (
                  update delivery set lease_until = %s
                   where id = ? and owner = ? and state = 'in-doubt' and lease_until > clock_timestamp()
                  returning document, attempt, asked, attempt - counted_from as tries
                )
                select v.attempt, v.asked, v.tries, %s from v join document d on d.id = v.document
                """
                        .formatted(Leases.UNTIL, Documents.HEAD);
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement update = connection.prepareStatement(sql)) {
                update.setLong(1, settings.lease().toMillis());
                update.setLong(2, claim.delivery());
                update.setString(3, claim.owner());
                try (ResultSet row = update.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Question(
                                    claim.delivery(),
                                    claim.lane(),
                                    claim.owner(),
                                    row.getInt("attempt"),
                                    row.getInt("asked"),
                                    row.getInt("tries"),
                                    IssuedDocument.of(row)))
                            : Optional.empty();
                }
            }
        });
    }

    /** The newest document that a connector committed of an issuer; empty if there is none. */
    Optional<Known> known(String connector, String issuer) throws SQLException {
        String sql =
                """
                select v.reference, %s from delivery v join document d on d.id = v.document
                 where v.connector = ? and v.state = 'committed' and d.issuer = ? order by v.committed_at desc limit 1
                """
                        .formatted(Documents.HEAD);
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setString(1, connector);
                select.setString(2, issuer);
                try (ResultSet row = select.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Known(IssuedDocument.of(row), row.getString("reference")))
                            : Optional.empty();
                }
            }
        });
    }

    /**
     * The ERP has it: committed, unless the reference is another document's, which makes the answer worthless.
     *
     * @return the row's state now, or empty if the lease was lost
     */
    Optional<DeliveryState> found(Question question, String reference, String erpTotal, String erpCurrency)
            throws SQLException {
        String kept = SqlText.line(reference, Deliveries.MAX_REFERENCE);
        IN_DOUBT.become(COMMITTED);
        ErpTotal told = ErpTotal.of(question.lane().connector(), question.document(), kept, erpTotal, erpCurrency);
        Optional<DeliveryState> state = Transactions.call(dataSource, connection -> {
            String taken = takenBy(connection, question, kept);
            if (taken != null) {
                return vain(
                        connection,
                        question,
                        "asked for " + question.document().number() + " it answered reference " + kept + ", which is "
                                + taken + "'s; its lookup finds the wrong document",
                        Duration.ZERO);
            }
            return move(connection, question, COMMITTED, kept, told.total(), told.alarm(), null, "is there as " + kept);
        });
        if (told.alarm() != null && state.filter(COMMITTED::equals).isPresent()) {
            LOG.error(told.alarm());
        }
        return state;
    }

    /**
     * The ERP certainly does not have it: sent again, unless a call may still be under way, or attempts are used up.
     *
     * @return the row's state now, or empty if the lease was lost
     */
    Optional<DeliveryState> absent(Question question) throws SQLException {
        IN_DOUBT.become(RETRYING);
        IN_DOUBT.become(PARKED);
        return Transactions.call(dataSource, connection -> {
            Duration calm = untilCalm(connection, question);
            if (!calm.isZero()) {
                String reason = "it is not there yet, but attempt " + question.attempt()
                        + " may still be under way; it is asked again when that can't be any more";
                return later(
                        connection,
                        question,
                        reason,
                        question.asked(),
                        SqlTime.at(clock.instant().plus(calm)));
            }
            String no = "certainly is not there";
            return question.tries() >= settings.maxAttempts()
                    ? move(
                            connection,
                            question,
                            PARKED,
                            null,
                            null,
                            "gave up after " + question.tries() + " attempts; the ERP was asked and does not have it",
                            null,
                            no)
                    : move(
                            connection,
                            question,
                            RETRYING,
                            null,
                            null,
                            "the ERP was asked and does not have it",
                            SqlTime.at(clock.instant()),
                            no);
        });
    }

    /**
     * It could not be told.
     *
     * @param pause how long the ERP asked to be left alone; zero if it did not
     * @return the row's state, or empty if the lease was lost
     */
    Optional<DeliveryState> unknown(Question question, String reason, Duration pause, RandomGenerator random)
            throws SQLException {
        Duration wait = settings.delayAfter(question.asked() + 1, random);
        return Transactions.call(
                dataSource, connection -> vain(connection, question, reason, pause.compareTo(wait) > 0 ? pause : wait));
    }

    private Optional<DeliveryState> vain(Connection connection, Question question, String reason, Duration wait)
            throws SQLException {
        int asked = question.asked() + 1;
        boolean last = asked >= settings.maxAttempts();
        String why = (last ? "asked " + asked + " times in vain: " : "asked in vain: ") + reason;
        Duration pause = wait.isZero() ? settings.firstDelay() : wait;
        return later(
                connection,
                question,
                why,
                asked,
                last ? SqlTime.NEVER : SqlTime.at(clock.instant().plus(pause)));
    }

    private Optional<DeliveryState> later(
            Connection connection, Question question, String reason, int asked, OffsetDateTime due)
            throws SQLException {
        String sql = "update delivery set due_at = ?, asked = ?, last_error = ?, owner = null, lease_until = null,"
                + " updated_at = ? where id = ? and attempt = ? and owner = ? and state = 'in-doubt'";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setObject(1, due);
            update.setInt(2, asked);
            update.setString(3, settings.reason(reason));
            update.setObject(4, SqlTime.at(clock.instant()));
            update.setLong(5, question.delivery());
            update.setInt(6, question.attempt());
            update.setString(7, question.owner());
            return update.executeUpdate() == 1 ? Optional.of(IN_DOUBT) : Optional.empty();
        }
    }

    /** Ends the doubt. due null: the row's stays. */
    private Optional<DeliveryState> move(
            Connection connection,
            Question question,
            DeliveryState to,
            String reference,
            BigDecimal total,
            String error,
            OffsetDateTime due,
            String answer)
            throws SQLException {
        String sql =
                """
                update delivery set state = ?, reference = ?, erp_total = ?, last_error = ?,
                       due_at = coalesce(?::timestamptz, due_at), doubt = false, asked = 0, owner = null,
                       lease_until = null, committed_at = ?, updated_at = ?
                 where id = ? and attempt = ? and owner = ? and state = 'in-doubt'
                """;
        Instant now = clock.instant();
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, to.code());
            update.setString(2, reference);
            update.setBigDecimal(3, total);
            update.setString(4, error == null ? null : settings.reason(error));
            update.setObject(5, due);
            update.setObject(6, to == COMMITTED ? SqlTime.at(now) : null);
            update.setObject(7, SqlTime.at(now));
            update.setLong(8, question.delivery());
            update.setInt(9, question.attempt());
            update.setString(10, question.owner());
            if (update.executeUpdate() != 1) {
                return Optional.empty();
            }
        }
        DeliveryNotes.write(
                connection,
                question.document().id(),
                new DeliveryNotes.Note(
                        question.delivery(),
                        now,
                        HUB,
                        DeliveryNotes.Action.ASK.code(),
                        IN_DOUBT.code(),
                        to.code(),
                        question.attempt(),
                        settings.reason("the connector says that it " + answer)));
        return Optional.of(to);
    }

    /** How long a call of the last attempt may still be under way, by the database's clock; zero if none can be. */
    private static Duration untilCalm(Connection connection, Question question) throws SQLException {
        String sql =
                "select ceil(extract(epoch from greatest(calm_at - clock_timestamp(), interval '0')) * 1000)::bigint"
                        + " from delivery where id = ?";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setLong(1, question.delivery());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return Duration.ofMillis(row.getLong(1));
            }
        }
    }

    private static String takenBy(Connection connection, Question question, String reference) throws SQLException {
        return OrderedRows.takenBy(connection, question.lane().connector(), reference, question.delivery());
    }
}
