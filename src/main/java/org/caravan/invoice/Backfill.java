package org.caravan.invoice;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.caravan.invoice.DeliveryNotes.Action;

/**
 * Adds a connector to documents that were issued without it. In chunks, each a transaction: one that is stopped goes on
 * when it is ordered again, and what has the connector already is left alone.
 */
public final class Backfill {
    private static final int CHUNK = 500;

    private final DataSource dataSource;
    private final Clock clock;
    private final String who;

    /** @param who the person, for the history */
    public Backfill(DataSource dataSource, Clock clock, String who) {
        this.dataSource = dataSource;
        this.clock = clock;
        this.who = who;
    }

    /**
     * Which documents. Null means: whatever.
     *
     * @param since issued at this moment or later
     * @param numbers empty for all
     */
    public record Filter(YearMonth month, Instant since, Set<String> numbers) {
        public Filter {
            numbers = Set.copyOf(numbers);
        }
    }

    /**
     * What it came to.
     *
     * @param documents that got the connector, or would
     * @param proforma that were left out, as they are no invoices and the connector takes only such
     * @param first numbers of the first ones
     */
    public record Result(long documents, long proforma, List<String> first) {}

    /**
     * Gives every document that lacks it a delivery, in the order in which they were issued. A fan-out that is parked is
     * asked again, for it may have been parked because nothing was chosen.
     *
     * @param dryRun changes nothing, and counts
     * @param shown most numbers answered
     * @param reason why, for the history; null if nothing is said
     */
    public Result run(ConnectorInfo connector, Filter filter, boolean dryRun, int shown, String reason)
            throws SQLException {
        long documents = 0;
        long proforma = 0;
        List<String> first = new ArrayList<>();
        long after = 0;
        while (true) {
            List<IssuedDocument> chunk = lacking(connector, filter, after);
            if (chunk.isEmpty()) {
                return new Result(documents, proforma, first);
            }
            after = chunk.get(chunk.size() - 1).id();
            List<IssuedDocument> taken = chunk.stream()
                    .filter(document -> connector.proforma() || !document.proforma())
                    .toList();
            proforma += chunk.size() - taken.size();
            Set<Long> added = dryRun ? null : add(connector, taken, reason);
            for (IssuedDocument document : taken) {
                if (added == null || added.contains(document.id())) {
                    documents++;
                    if (first.size() < shown) {
                        first.add(document.number());
                    }
                }
            }
        }
    }

    private List<IssuedDocument> lacking(ConnectorInfo connector, Filter filter, long after) throws SQLException {
        String sql = "select " + Documents.HEAD
                + " from document d where d.id > ?"
                + " and not exists (select from delivery v where v.document = d.id and v.connector = ?)"
                + (filter.month() == null ? "" : " and d.month = ?")
                + (filter.since() == null ? "" : " and d.issued_at >= ?")
                + (filter.numbers().isEmpty() ? "" : " and d.number = any (?)")
                + " order by d.id limit " + CHUNK;
        return Transactions.single(dataSource, connection -> {
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                int parameter = 0;
                select.setLong(++parameter, after);
                select.setString(++parameter, connector.name());
                if (filter.month() != null) {
                    select.setObject(++parameter, SqlTime.month(filter.month()));
                }
                if (filter.since() != null) {
                    select.setObject(++parameter, SqlTime.at(filter.since()));
                }
                if (!filter.numbers().isEmpty()) {
                    select.setArray(
                            ++parameter,
                            connection.createArrayOf("text", filter.numbers().toArray()));
                }
                List<IssuedDocument> found = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        found.add(IssuedDocument.of(row));
                    }
                }
                return found;
            }
        });
    }

    /** @return ids of those that did not have it in the meantime */
    private Set<Long> add(ConnectorInfo connector, List<IssuedDocument> documents, String reason) throws SQLException {
        String insert =
                """
                insert into delivery (document, connector, lane, due_at, updated_at) values (?, ?, ?, ?, ?)
                    on conflict (document, connector) do nothing returning id
                """;
        return Transactions.call(dataSource, connection -> {
            Set<Long> added = new HashSet<>();
            OffsetDateTime at = SqlTime.at(clock.instant());
            try (PreparedStatement add = connection.prepareStatement(insert)) {
                for (IssuedDocument document : documents) {
                    add.setLong(1, document.id());
                    add.setString(2, connector.name());
                    add.setString(3, connector.lane(document));
                    add.setObject(4, at);
                    add.setObject(5, at);
                    try (ResultSet row = add.executeQuery()) {
                        if (row.next()) {
                            added.add(document.id());
                            note(connection, document, row.getLong(1), null, DeliveryState.PENDING.code(), reason);
                        }
                    }
                }
            }
            RestoredLedger.holdInDoubt(connection, List.copyOf(added));
            askAgain(connection, documents, connector, at);
            return added;
        });
    }

    private void askAgain(
            Connection connection, List<IssuedDocument> documents, ConnectorInfo connector, OffsetDateTime at)
            throws SQLException {
        FanOutState next = FanOutState.PARKED.become(FanOutState.PENDING);
        try (PreparedStatement update = connection.prepareStatement(
                """
                update outbox set state = 'pending', due_at = least(due_at, ?), counted_from = attempt, updated_at = ?
                 where document = ? and state = 'parked'
                """)) {
            for (IssuedDocument document : documents) {
                update.setObject(1, at);
                update.setObject(2, at);
                update.setLong(3, document.id());
                if (update.executeUpdate() == 1) {
                    String why = "connector " + connector.name() + " was added";
                    note(connection, document, null, FanOutState.PARKED.code(), next.code(), why);
                }
            }
        }
    }

    private void note(
            Connection connection, IssuedDocument document, Long delivery, String from, String to, String reason)
            throws SQLException {
        DeliveryNotes.write(
                connection,
                document.id(),
                new DeliveryNotes.Note(delivery, clock.instant(), who, Action.BACKFILL.code(), from, to, 0, reason));
    }
}
