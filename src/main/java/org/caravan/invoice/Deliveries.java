package org.caravan.invoice;

import static org.caravan.invoice.DeliveryState.COMMITTED;
import static org.caravan.invoice.DeliveryState.DELIVERING;
import static org.caravan.invoice.DeliveryState.IN_DOUBT;
import static org.caravan.invoice.DeliveryState.PARKED;
import static org.caravan.invoice.DeliveryState.PENDING;
import static org.caravan.invoice.DeliveryState.RETRYING;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.caravan.invoice.AttemptEnds.End;
import org.caravan.invoice.ConnectorInfo.Repeat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The attempts to deliver claimed rows. Safe for concurrent use by any number of hubs.
 *
 * <p>An attempt begins with {@link #start}, immediately before the connector is called, and ends with {@link #committed}
 * or {@link #failed}; both name attempt and owner and change nothing once the lease was lost.
 */
public final class Deliveries {
    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);

    /** Longest reference kept, in characters; no ERP has one as long. */
    static final int MAX_REFERENCE = 1_000;

    private final DataSource dataSource;
    private final DeliverySettings settings;
    private final Clock clock;
    private final AttemptEnds ends;

    public Deliveries(DataSource dataSource, DeliverySettings settings, Clock clock) {
        this.dataSource = dataSource;
        this.settings = settings;
        this.clock = clock;
        this.ends = new AttemptEnds(dataSource, settings);
    }

    /**
     * A running attempt.
     *
     * @param number of the attempt, from 1
     * @param tries attempts with this one since it began, or since a person ordered it to go on
     * @param document its head
     * @param body the document's JSON, exactly as issued
     */
    public record Attempt(
            long delivery,
            Lanes.Lane lane,
            String owner,
            int number,
            int tries,
            IssuedDocument document,
            String body) {}

    /** How an attempt failed, which decides what may follow. */
    public enum Failure {
        /** The same input can only fail again: a person is needed. */
        PERMANENT,
        /** It is certain that the ERP got nothing. */
        UNSENT,
        /** The ERP may or may not have it. */
        UNKNOWN,
        /** The connector ended well but answered no reference. */
        NO_REFERENCE
    }

    /**
     * Starts the next attempt of a claimed row, durably before the connector is called.
     *
     * @return empty if the claim was lost: leave the row alone
     */
    public Optional<Attempt> start(Lanes.Claim claim) throws SQLException {
        PENDING.become(DELIVERING);
        RETRYING.become(DELIVERING);
        String sql =
                """
                with d as (
                  update delivery set state = 'delivering', attempt = attempt + 1, asked = 0, lease_until = %1$s, calm_at = %1$s + ?
                         * interval '1 millisecond', updated_at = ?
                   where id = ? and owner = ? and state in ('pending', 'retrying') and lease_until > clock_timestamp()
                  returning id, document, attempt, attempt - counted_from as tries
                ), a as (
                  insert into delivery_attempt (delivery, attempt, owner, started_at) select id, attempt, ?, ? from d
                )
                select d.attempt as attempt_number, d.tries, document.* from d join document on document.id = d.document
                """
                        .formatted(Leases.UNTIL);
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement update = connection.prepareStatement(sql)) {
                OffsetDateTime at = SqlTime.at(clock.instant());
                update.setLong(1, settings.lease().toMillis());
                update.setLong(2, settings.lease().toMillis());
                // a call begins within the lease and takes no longer than one
                update.setLong(3, settings.lease().toMillis());
                update.setObject(4, at);
                update.setLong(5, claim.delivery());
                update.setString(6, claim.owner());
                update.setString(7, claim.owner());
                update.setObject(8, at);
                try (ResultSet row = update.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Attempt(
                                    claim.delivery(),
                                    claim.lane(),
                                    claim.owner(),
                                    row.getInt("attempt_number"),
                                    row.getInt("tries"),
                                    IssuedDocument.of(row),
                                    row.getString("body")))
                            : Optional.empty();
                }
            }
        });
    }

    /**
     * Starts attempts of several claimed rows at once, durably before the connector is called; in their order and as many as
     * fit together, the first one in any case. Those that were lost, or tried meanwhile, are left out.
     *
     * @param claims of one owner and lane, all fresh
     */
    List<Attempt> startBatch(List<Lanes.Claim> claims) throws SQLException {
        PENDING.become(DELIVERING);
        RETRYING.become(DELIVERING);
        String sql =
                """
                with mine as (
                  select v.id, c.at, octet_length(t.body) as bytes
                    from unnest(?::bigint[]) with ordinality as c(id, at)
                    join delivery v on v.id = c.id
                    join document t on t.id = v.document
                   where v.owner = ? and v.state in ('pending', 'retrying') and v.lease_until > clock_timestamp()
                     and v.attempt = v.counted_from and not v.doubt
                ), fitting as (
                  select id, at from (select id, at, sum(bytes) over (order by at) as sum, row_number() over (order by at) as n
                                        from mine) m where sum <= ? or n = 1
                ), lease as materialized (
                  select %1$s as until
                ), d as (
                  update delivery v set state = 'delivering', attempt = attempt + 1, asked = 0, lease_until = lease.until,
                         calm_at = lease.until + ? * interval '1 millisecond', updated_at = ?
                    from fitting f, lease
                   where v.id = f.id and v.owner = ? and v.state in ('pending', 'retrying')
                  returning v.id, v.document, v.attempt, v.attempt - v.counted_from as tries, f.at
                ), a as (
                  insert into delivery_attempt (delivery, attempt, owner, started_at) select id, attempt, ?, ? from d
                )
                select d.id as delivery, d.attempt as attempt_number, d.tries, document.*
                  from d join document on document.id = d.document order by d.at
                """
                        .formatted(Leases.UNTIL);
        Lanes.Claim first = claims.get(0);
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement update = connection.prepareStatement(sql)) {
                OffsetDateTime at = SqlTime.at(clock.instant());
                long lease = settings.lease().toMillis();
                int i = 0;
                update.setArray(
                        ++i,
                        connection.createArrayOf(
                                "bigint",
                                claims.stream().map(Lanes.Claim::delivery).toArray()));
                update.setString(++i, first.owner());
                update.setInt(++i, settings.maxBatchBytes());
                update.setLong(++i, lease);
                update.setLong(++i, lease);
                update.setObject(++i, at);
                update.setString(++i, first.owner());
                update.setString(++i, first.owner());
                update.setObject(++i, at);
                List<Attempt> started = new ArrayList<>();
                try (ResultSet row = update.executeQuery()) {
                    while (row.next()) {
                        started.add(new Attempt(
                                row.getLong("delivery"),
                                first.lane(),
                                first.owner(),
                                row.getInt("attempt_number"),
                                row.getInt("tries"),
                                IssuedDocument.of(row),
                                row.getString("body")));
                    }
                }
                return started;
            }
        });
    }

    /**
     * Ends an attempt that the ERP answered with its reference. A total that differs from the document's is an alarm: it is
     * logged and kept with the row, and the delivery still counts as committed, for the ERP has it.
     *
     * @param reference the ERP's, not blank
     * @param erpTotal the total that the ERP computed, or null if it told none
     * @return false if the lease was lost: nothing changed but a note at the attempt
     */
    public boolean committed(Attempt attempt, String reference, String erpTotal) throws SQLException {
        return committed(attempt, reference, erpTotal, null);
    }

    /**
     * As {@link #committed(Attempt, String, String)}, with the currency of the ERP's total where it told one.
     *
     * @param erpCurrency ISO 4217, or null; another one than the document's is an alarm
     */
    public boolean committed(Attempt attempt, String reference, String erpTotal, String erpCurrency)
            throws SQLException {
        return !committed(List.of(new Committed(attempt, reference, erpTotal, erpCurrency)))
                .isEmpty();
    }

    /**
     * What the ERP answered to one of a batch.
     *
     * @param reference the ERP's, not blank
     * @param total that the ERP computed, or null
     * @param currency of that total, or null
     */
    record Committed(Attempt attempt, String reference, String total, String currency) {}

    /**
     * As {@link #committed(Attempt, String, String)}, several attempts in one transaction.
     *
     * @return the deliveries that are committed; of the others the lease was lost
     */
    Set<Long> committed(List<Committed> answers) throws SQLException {
        List<End> ended = new ArrayList<>();
        for (Committed answer : answers) {
            Attempt attempt = answer.attempt();
            String kept = SqlText.line(answer.reference(), MAX_REFERENCE);
            if (kept.isEmpty()) {
                throw new IllegalArgumentException("a committed delivery needs a reference");
            }
            ErpTotal told = ErpTotal.of(
                    attempt.lane().connector(), attempt.document(), kept, answer.total(), answer.currency());
            ended.add(new End(attempt, COMMITTED, kept, told.total(), told.alarm(), null, false));
        }
        Set<Long> committed = ends.keep(ended, clock.instant());
        for (End end : ended) {
            if (end.error() != null) {
                LOG.error(end.error());
            }
            if (!committed.contains(end.attempt().delivery())) {
                LOG.warn(
                        "Document {}: connector {} answered reference {} after the lease of attempt {} was lost;"
                                + " the reference is noted at the attempt",
                        end.attempt().document().number(),
                        end.attempt().lane().connector(),
                        end.reference(),
                        end.attempt().number());
            }
        }
        return committed;
    }

    /** As {@link #failed(Attempt, ConnectorInfo, Failure, String, Duration, RandomGenerator)}, of an ERP that asked for nothing. */
    public Optional<DeliveryState> failed(
            Attempt attempt, ConnectorInfo info, Failure failure, String reason, RandomGenerator random)
            throws SQLException {
        return failed(attempt, info, failure, reason, null, random);
    }

    /**
     * Ends an attempt that failed.
     *
     * @param reason what happened, in a line; bounded by the settings
     * @param retryAfter how long the ERP asked to be left alone; null if it did not
     * @return the row's new state, or empty if the lease was lost and nothing changed
     */
    public Optional<DeliveryState> failed(
            Attempt attempt,
            ConnectorInfo info,
            Failure failure,
            String reason,
            Duration retryAfter,
            RandomGenerator random)
            throws SQLException {
        Instant now = clock.instant();
        Duration wait = settings.delayAfter(attempt.tries(), random);
        OffsetDateTime again =
                SqlTime.at(now.plus(retryAfter == null || retryAfter.compareTo(wait) < 0 ? wait : retryAfter));
        boolean last = attempt.tries() >= settings.maxAttempts();
        OffsetDateTime doubtEnds = info.repeat() == Repeat.NEVER ? SqlTime.NEVER : again;
        End end =
                switch (failure) {
                    // what an earlier attempt left in doubt is no clearer for it
                    case PERMANENT -> new End(attempt, PARKED, null, null, reason, null, null);
                    case UNSENT -> retry(last, attempt, reason, again, null);
                    case UNKNOWN ->
                        info.repeat() == Repeat.SAFE
                                ? retry(last, attempt, reason, again, true)
                                : new End(attempt, IN_DOUBT, null, null, reason, doubtEnds, true);
                    case NO_REFERENCE -> new End(attempt, IN_DOUBT, null, null, reason, doubtEnds, true);
                };
        return ends.keep(List.of(end), now).isEmpty() ? Optional.empty() : Optional.of(end.state());
    }

    private static End retry(boolean last, Attempt attempt, String reason, OffsetDateTime again, Boolean doubt) {
        return last
                ? new End(
                        attempt,
                        PARKED,
                        null,
                        null,
                        "gave up after " + attempt.tries() + " attempts: " + reason,
                        null,
                        doubt)
                : new End(attempt, RETRYING, null, null, reason, again, doubt);
    }
}
