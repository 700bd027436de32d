package org.caravan.invoice;

import static org.caravan.invoice.FanOutState.DONE;
import static org.caravan.invoice.FanOutState.FANNING;
import static org.caravan.invoice.FanOutState.PARKED;
import static org.caravan.invoice.FanOutState.PENDING;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;

/**
 * Issued documents on their way to delivery rows. Asking the fan-out route twice is harmless, as a row is unique per
 * document and connector; so a lapsed lease here is no doubt. Safe for concurrent use by any number of hubs.
 */
public final class Outbox {
    private final DataSource dataSource;
    private final DeliverySettings settings;
    private final Clock clock;

    public Outbox(DataSource dataSource, DeliverySettings settings, Clock clock) {
        this.dataSource = dataSource;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * A leased document.
     *
     * @param attempt number of times it was claimed
     */
    public record Claim(IssuedDocument document, String owner, int attempt) {}

    /** What the route chose for a document: connectors' names, perhaps none. */
    public record Choice(Claim claim, Set<String> connectors) {}

    /** Leases due documents in the order they were issued. */
    public List<Claim> claim(String owner) throws SQLException {
        PENDING.become(FANNING);
        FANNING.become(FANNING);
        String sql =
                """
                with due as (
                  select document from outbox
                   where (state = 'pending' and due_at <= ? or state = 'fanning' and lease_until <= ?) and %s
                   order by due_at, document limit ? for update skip locked
                ), claimed as (
                  update outbox o set state = 'fanning', attempt = attempt + 1, owner = ?, lease_until = ?, updated_at = ?
                    from due where o.document = due.document
                  returning o.document, o.attempt
                )
                select claimed.attempt as attempt_number, %s
                  from claimed join document d on d.id = claimed.document order by d.id
                """
                        .formatted(CreditFanOut.NOT_BEFORE_ITS_INVOICE, Documents.HEAD);
        Instant now = clock.instant();
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement update = connection.prepareStatement(sql)) {
                OffsetDateTime at = SqlTime.at(now);
                update.setObject(1, at);
                update.setObject(2, at);
                update.setInt(3, settings.claimSize());
                update.setString(4, owner);
                update.setObject(5, SqlTime.at(now.plus(settings.lease())));
                update.setObject(6, at);
                List<Claim> claims = new ArrayList<>();
                try (ResultSet row = update.executeQuery()) {
                    while (row.next()) {
                        claims.add(new Claim(IssuedDocument.of(row), owner, row.getInt("attempt_number")));
                    }
                }
                return claims;
            }
        });
    }

    /**
     * Writes the delivery rows of what was chosen and marks the documents done, in one transaction; one for which nothing
     * was chosen is parked. A claim that was lost changes nothing.
     */
    public void done(Collection<Choice> choices) throws SQLException {
        FANNING.become(DONE);
        FANNING.become(PARKED);
        String mark =
                """
                with mine as (
                  update outbox set state = ?, last_error = ?, owner = null, lease_until = null, updated_at = ?
                   where document = ? and owner = ? and attempt = ? and state = 'fanning'
                  returning document
                )
                insert into delivery (document, connector, due_at, updated_at)
                select mine.document, chosen.connector, ?, ? from mine, unnest(?) as chosen(connector)
                    on conflict (document, connector) do nothing
                """;
        Transactions.call(dataSource, connection -> {
            OffsetDateTime at = SqlTime.at(clock.instant());
            try (PreparedStatement update = connection.prepareStatement(mark)) {
                for (Choice choice : choices) {
                    boolean none = choice.connectors().isEmpty();
                    update.setString(1, (none ? PARKED : DONE).code());
                    update.setString(2, none ? noConnector(choice.claim().document()) : null);
                    update.setObject(3, at);
                    update.setLong(4, choice.claim().document().id());
                    update.setString(5, choice.claim().owner());
                    update.setInt(6, choice.claim().attempt());
                    update.setObject(7, at);
                    update.setObject(8, at);
                    update.setArray(
                            9,
                            connection.createArrayOf("text", choice.connectors().toArray()));
                    update.addBatch();
                }
                update.executeBatch();
            }
            return null;
        });
    }

    private static String noConnector(IssuedDocument document) {
        return "the fan-out route chose no connector for account " + document.account()
                + "; name one in the account's profile or in the route";
    }

    /**
     * Puts a document back after the route failed: due again later, or parked when the error is permanent or the attempts
     * are used up. A claim that was lost changes nothing.
     */
    public void failed(Claim claim, boolean permanent, String reason, RandomGenerator random) throws SQLException {
        boolean park = permanent || claim.attempt() >= settings.maxAttempts();
        FanOutState next = FANNING.become(park ? PARKED : PENDING);
        Duration wait = settings.delayAfter(claim.attempt(), random);
        String sql =
                """
                update outbox set state = ?, last_error = ?, due_at = ?, owner = null, lease_until = null, updated_at = ?
                 where document = ? and owner = ? and attempt = ? and state = 'fanning'
                """;
        Instant now = clock.instant();
        Transactions.single(dataSource, connection -> {
            try (PreparedStatement update = connection.prepareStatement(sql)) {
                update.setString(1, next.code());
                update.setString(2, settings.reason(reason));
                update.setObject(3, SqlTime.at(now.plus(wait)));
                update.setObject(4, SqlTime.at(now));
                update.setLong(5, claim.document().id());
                update.setString(6, claim.owner());
                update.setInt(7, claim.attempt());
                update.executeUpdate();
            }
            return null;
        });
    }

    /** Gives claims back that the route was not asked about; those of another owner by now are left alone. */
    public void release(Collection<Claim> claims) throws SQLException {
        FANNING.become(PENDING);
        String sql =
                """
                update outbox set state = 'pending', owner = null, lease_until = null, updated_at = ?
                 where document = ? and owner = ? and attempt = ? and state = 'fanning'
                """;
        Transactions.call(dataSource, connection -> {
            try (PreparedStatement update = connection.prepareStatement(sql)) {
                for (Claim claim : claims) {
                    update.setObject(1, SqlTime.at(clock.instant()));
                    update.setLong(2, claim.document().id());
                    update.setString(3, claim.owner());
                    update.setInt(4, claim.attempt());
                    update.addBatch();
                }
                update.executeBatch();
            }
            return null;
        });
    }

    /**
     * Adds a connector to a document outside the fan-out route; nothing happens if it has it already.
     *
     * @param key the document's key
     * @return false if there is no such document
     */
    public boolean add(String key, Collection<String> connectors) throws SQLException {
        String sql =
                """
                with d as (select id from document where key = ?), added as (
                  insert into delivery (document, connector, due_at, updated_at)
                  select d.id, chosen.connector, ?, ? from d, unnest(?) as chosen(connector)
                      on conflict (document, connector) do nothing
                )
                select from d
                """;
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement insert = connection.prepareStatement(sql)) {
                OffsetDateTime at = SqlTime.at(clock.instant());
                insert.setString(1, key);
                insert.setObject(2, at);
                insert.setObject(3, at);
                insert.setArray(4, connection.createArrayOf("text", connectors.toArray()));
                try (ResultSet row = insert.executeQuery()) {
                    return row.next();
                }
            }
        });
    }
}
