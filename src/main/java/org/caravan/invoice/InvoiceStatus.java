package org.caravan.invoice;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How the documents stand at one moment on their way to the ERPs. Reads the deliveries, one row per document and connector,
 * and no document but the oldest that waits.
 *
 * @param fanOut documents on their way to deliveries
 * @param connectors in order of name: every connector that ever had a delivery
 * @param restored why nothing is issued and delivered in a restored ledger; null where it is
 */
public record InvoiceStatus(FanOut fanOut, List<Connector> connectors, RestoredLedger.Waiting restored) {
    public InvoiceStatus {
        connectors = List.copyOf(connectors);
    }

    /**
     * Documents that wait for their connectors to be chosen.
     *
     * @param open pending or being asked
     * @param oldestOpen when the oldest of them was issued; null if there is none
     * @param parked stopped until a person decides
     * @param lastError the newest of theirs, or null
     */
    public record FanOut(long open, Instant oldestOpen, long parked, String lastError) {}

    /**
     * The deliveries of one connector.
     *
     * @param states how many are in each state; every state has a count
     * @param undecided those in doubt that wait for a person; the others in doubt are asked or sent again by themselves
     * @param alarms those committed with a total that is not the document's
     * @param oldestOpen when the oldest document was issued that is not committed; null if there is none
     * @param lastCommit when the connector committed last; null if never
     * @param lastError the newest reason of a delivery that is not committed or of an alarm, or null
     * @param lastErrorAt when that was, or null
     */
    public record Connector(
            String name,
            Map<DeliveryState, Long> states,
            long undecided,
            long alarms,
            Instant oldestOpen,
            Instant lastCommit,
            String lastError,
            Instant lastErrorAt) {
        public long count(DeliveryState state) {
            return states.get(state);
        }

        /** Deliveries that are not committed. */
        public long backlog() {
            return states.values().stream().mapToLong(Long::longValue).sum() - count(DeliveryState.COMMITTED);
        }
    }

    private record Failure(String reason, Instant at) {}

    /**
     * Looks once.
     *
     * @param connection within a transaction of one snapshot (repeatable read)
     */
    public static InvoiceStatus read(Connection connection) throws SQLException {
        return new InvoiceStatus(
                fanOut(connection),
                connectors(connection),
                RestoredLedger.waiting(connection).orElse(null));
    }

    private static FanOut fanOut(Connection connection) throws SQLException {
        // ids of documents rise with their issue
        String sql =
                """
                select open, d.issued_at, parked,
                       (select last_error from outbox
                         where state <> 'done' and last_error is not null order by updated_at desc limit 1) as last_error
                  from (select count(*) filter (where state in ('pending', 'fanning')) as open,
                               min(document) filter (where state in ('pending', 'fanning')) as oldest,
                               count(*) filter (where state = 'parked') as parked
                          from outbox where state <> 'done') as o
                  left join document d on d.id = o.oldest
                """;
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(sql)) {
            row.next();
            return new FanOut(
                    row.getLong("open"),
                    SqlTime.instant(row, "issued_at"),
                    row.getLong("parked"),
                    row.getString("last_error"));
        }
    }

    private static List<Connector> connectors(Connection connection) throws SQLException {
        Map<String, Failure> failures = failures(connection);
        String sql =
                """
                select v.*, d.issued_at
                  from (select connector, count(*) filter (where state = 'pending') as "pending",
                               count(*) filter (where state = 'delivering') as "delivering",
                               count(*) filter (where state = 'retrying') as "retrying",
                               count(*) filter (where state = 'in-doubt') as "in-doubt",
                               count(*) filter (where state = 'parked') as "parked",
                               count(*) filter (where state = 'committed') as "committed",
                               count(*) filter (where state = 'in-doubt' and due_at = 'infinity') as undecided,
                               count(*) filter (where state = 'committed' and last_error is not null) as alarms,
                               min(document) filter (where state <> 'committed') as oldest,
                               max(committed_at) as last_commit
                          from delivery group by connector) as v
                  left join document d on d.id = v.oldest
                 order by v.connector collate "C"
                """;
        List<Connector> connectors = new ArrayList<>();
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(sql)) {
            while (row.next()) {
                Map<DeliveryState, Long> states = new EnumMap<>(DeliveryState.class);
                for (DeliveryState state : DeliveryState.values()) {
                    states.put(state, row.getLong(state.code()));
                }
                String name = row.getString("connector");
                Failure failure = failures.getOrDefault(name, new Failure(null, null));
                connectors.add(new Connector(
                        name,
                        Map.copyOf(states),
                        row.getLong("undecided"),
                        row.getLong("alarms"),
                        SqlTime.instant(row, "issued_at"),
                        SqlTime.instant(row, "last_commit"),
                        failure.reason(),
                        failure.at()));
            }
        }
        return connectors;
    }

    private static Map<String, Failure> failures(Connection connection) throws SQLException {
        // two conditions, as each has an index of its own
        String sql =
                """
                select distinct on (connector) connector, last_error, updated_at
                  from (select connector, last_error, updated_at from delivery
                         where state <> 'committed' and last_error is not null
                        union all
                        select connector, last_error, updated_at from delivery
                         where state = 'committed' and last_error is not null) as failed
                 order by connector, updated_at desc
                """;
        Map<String, Failure> failures = new HashMap<>();
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(sql)) {
            while (row.next()) {
                failures.put(
                        row.getString("connector"),
                        new Failure(row.getString("last_error"), SqlTime.instant(row, "updated_at")));
            }
        }
        return failures;
    }
}
