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
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
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
     * @param tries times it was claimed and asked about, with this one, since it began or a person ordered it to go on
     */
    public record Claim(IssuedDocument document, String owner, int attempt, int tries) {}

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
                   where (state = 'pending' and due_at <= ? or state = 'fanning' and lease_until <= clock_timestamp()) and %s
                   order by due_at, document limit ? for update skip locked
                ), claimed as (
                  update outbox o set state = 'fanning', attempt = attempt + 1, owner = ?, lease_until = %s, updated_at = ?
                    from due where o.document = due.document
                  returning o.document, o.attempt, o.attempt - o.counted_from as tries
                )
                select claimed.attempt as attempt_number, claimed.tries, %s
                  from claimed join document d on d.id = claimed.document order by d.id
                """
                        .formatted(CreditFanOut.NOT_BEFORE_ITS_INVOICE, Leases.UNTIL, Documents.HEAD);
        return Transactions.single(dataSource, connection -> {
            if (RestoredLedger.waiting(connection).isPresent()) {
                return List.of();
            }
            try (PreparedStatement update = connection.prepareStatement(sql)) {
                OffsetDateTime at = SqlTime.at(clock.instant());
                update.setObject(1, at);
                update.setInt(2, settings.claimSize());
                update.setString(3, owner);
                update.setLong(4, settings.lease().toMillis());
                update.setObject(5, at);
                List<Claim> claims = new ArrayList<>();
                try (ResultSet row = update.executeQuery()) {
                    while (row.next()) {
                        claims.add(new Claim(
                                IssuedDocument.of(row), owner, row.getInt("attempt_number"), row.getInt("tries")));
                    }
                }
                return claims;
            }
        });
    }

    /** As {@link #done(Collection, LaneOf)}, with a single lane for each connector. */
    public void done(Collection<Choice> choices) throws SQLException {
        done(choices, LaneOf.SINGLE);
    }

    /**
     * Writes the delivery rows of what was chosen and marks the documents done, in one transaction; one that no connector
     * was chosen for, now or otherwise, is parked. A claim that was lost changes nothing.
     */
    void done(Collection<Choice> choices, LaneOf lanes) throws SQLException {
        FANNING.become(DONE);
        FANNING.become(PARKED);
        String mark =
                """
                with mine as (
                  update outbox o
                     set state = case when none.reason is null then 'done' else 'parked' end, last_error = none.reason,
                         owner = null, lease_until = null, updated_at = ?
                    from (select case when not exists (select from delivery where document = ?) then ? end as reason) none
                   where o.document = ? and o.owner = ? and o.attempt = ? and o.state = 'fanning'
                  returning o.document
                )
                insert into delivery (document, connector, lane, due_at, updated_at)
                select mine.document, chosen.connector, chosen.lane, ?, ?
                  from mine, unnest(?, ?) as chosen(connector, lane)
                    on conflict (document, connector) do nothing
                """;
        Transactions.call(dataSource, connection -> {
            OffsetDateTime at = SqlTime.at(clock.instant());
            try (PreparedStatement update = connection.prepareStatement(mark)) {
                for (Choice choice : choices) {
                    IssuedDocument document = choice.claim().document();
                    String[] connectors = choice.connectors().toArray(String[]::new);
                    update.setObject(1, at);
                    update.setLong(2, document.id());
                    update.setString(3, connectors.length == 0 ? noConnector(document) : null);
                    update.setLong(4, document.id());
                    update.setString(5, choice.claim().owner());
                    update.setInt(6, choice.claim().attempt());
                    update.setObject(7, at);
                    update.setObject(8, at);
                    update.setArray(9, connection.createArrayOf("text", connectors));
                    update.setArray(10, connection.createArrayOf("text", lanes(connectors, document, lanes)));
                    update.addBatch();
                }
                update.executeBatch();
            }
            RestoredLedger.holdInDoubt(
                    connection,
                    choices.stream()
                            .map(choice -> choice.claim().document().id())
                            .toList());
            return null;
        });
    }

    private static String[] lanes(String[] connectors, IssuedDocument document, LaneOf lanes) {
        return Arrays.stream(connectors)
                .map(connector -> lanes.lane(connector, document))
                .toArray(String[]::new);
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
        boolean park = permanent || claim.tries() >= settings.maxAttempts();
        FanOutState next = FANNING.become(park ? PARKED : PENDING);
        Duration wait = settings.delayAfter(claim.tries(), random);
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

    /**
     * Gives claims back that the route was not asked about; those of another owner by now are left alone. They do not count
     * towards the most attempts allowed.
     */
    public void release(Collection<Claim> claims) throws SQLException {
        FANNING.become(PENDING);
        String sql =
                """
                update outbox set state = 'pending', counted_from = counted_from + 1, owner = null, lease_until = null,
                       updated_at = ?
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

    /** Lets all claims of an owner lapse that has nothing at work: it lost the database in the middle of a round. */
    void letGo(String owner) throws SQLException {
        Transactions.single(dataSource, connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "update outbox set lease_until = clock_timestamp() where owner = ? and state = 'fanning'")) {
                update.setString(1, owner);
                return update.executeUpdate();
            }
        });
    }

    /** As {@link #add(String, Collection, LaneOf)}, with a single lane for each connector. */
    public boolean add(String key, Collection<String> connectors) throws SQLException {
        return add(key, connectors, LaneOf.SINGLE);
    }

    /**
     * Adds connectors to a document outside the fan-out route; nothing happens where it has them already.
     *
     * @param key the document's key
     * @return false if there is no such document
     */
    boolean add(String key, Collection<String> connectors, LaneOf lanes) throws SQLException {
        Optional<IssuedDocument> document = new Documents(dataSource).byKey(key);
        if (document.isEmpty()) {
            return false;
        }
        String sql =
                """
                insert into delivery (document, connector, lane, due_at, updated_at)
                select ?, chosen.connector, chosen.lane, ?, ? from unnest(?, ?) as chosen(connector, lane)
                    on conflict (document, connector) do nothing
                """;
        String[] names = connectors.toArray(String[]::new);
        return Transactions.call(dataSource, connection -> {
            try (PreparedStatement insert = connection.prepareStatement(sql)) {
                OffsetDateTime at = SqlTime.at(clock.instant());
                insert.setLong(1, document.get().id());
                insert.setObject(2, at);
                insert.setObject(3, at);
                insert.setArray(4, connection.createArrayOf("text", names));
                insert.setArray(5, connection.createArrayOf("text", lanes(names, document.get(), lanes)));
                insert.executeUpdate();
            }
            RestoredLedger.holdInDoubt(connection, List.of(document.get().id()));
            return true;
        });
    }
}
