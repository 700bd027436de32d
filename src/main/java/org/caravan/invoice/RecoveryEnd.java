package org.caravan.invoice;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import org.caravan.invoice.document.DocumentKey;

/** The end of a recovery, in one transaction: the ledger may issue again if nothing is open. */
final class RecoveryEnd {
    private static final int MAX_NAMED = 20;

    private final Connection connection;
    private final Instant now;

    RecoveryEnd(Connection connection, Instant now) {
        this.connection = connection;
        this.now = now;
    }

    /**
     * Ends it, or adds what keeps it from being ended.
     *
     * @param problems of asking; with any of them nothing is ended
     */
    void complete(List<Recovery.Connector> connectors, List<String> problems) throws SQLException {
        boolean waiting;
        try (Statement lock = connection.createStatement();
                ResultSet row = lock.executeQuery("select recovered_at is null from restored order by id for update")) {
            waiting = false;
            while (row.next()) {
                waiting |= row.getBoolean(1);
            }
        }
        nameKeys();
        problems.addAll(
                lines(
                        """
                select format('%s at %s: its account or month is not known; name them with --found %s=FILE.csv', number,
                              connector, connector)
                  from recovered where document is null and (account is null or month is null or key is null)
                 order by 1
                """));
        problems.addAll(
                lines(
                        """
                select format('%s is held under different keys: %s; find out which is right', number,
                              string_agg(connector || ' ' || key, ', ' order by connector))
                  from recovered where document is null group by number having count(distinct key) > 1 order by 1
                """));
        problems.addAll(
                lines(
                        """
                select format('key %s is held under different numbers: %s; find out which is right', key,
                              string_agg(connector || ' ' || number, ', ' order by connector, number))
                  from recovered where document is null group by key having count(distinct number) > 1 order by 1
                """));
        if (problems.isEmpty() && waiting) {
            for (Recovery.Connector connector : connectors) {
                holdInDoubt(connector.name());
            }
            try (PreparedStatement end =
                    connection.prepareStatement("update restored set recovered_at = ? where recovered_at is null")) {
                end.setObject(1, SqlTime.at(now));
                end.executeUpdate();
            }
        }
    }

    /** A document whose connector tells account and month alone gets the key that another tells, or its account's next. */
    private void nameKeys() throws SQLException {
        try (Statement update = connection.createStatement()) {
            update.executeUpdate(
                    """
                    update recovered r set key = o.key, account = o.account, month = o.month, sequence = o.sequence
                      from recovered o
                     where r.key is null and r.document is null and o.number = r.number and o.key is not null
                       and coalesce(r.account, o.account) = o.account and coalesce(r.month, o.month) = o.month
                    """);
        }
        String unnamed =
                """
                select number, account, month, (select issuer from ledger) as issuer
                  from recovered where key is null and document is null and account is not null and month is not null
                 group by number, account, month order by number
                """;
        String next =
                """
                select coalesce(max(sequence), 0) + 1
                  from (select sequence from document where account = ? and month = ?
                         union all select sequence from recovered where account = ? and month = ?) as n
                """;
        try (PreparedStatement select = connection.prepareStatement(unnamed);
                PreparedStatement sequence = connection.prepareStatement(next);
                PreparedStatement update = connection.prepareStatement(
                        "update recovered set key = ?, sequence = ? where number = ? and key is null and account = ? and month = ?");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                String account = row.getString("account");
                YearMonth month = SqlTime.month(row, "month");
                sequence.setString(1, account);
                sequence.setObject(2, SqlTime.month(month));
                sequence.setString(3, account);
                sequence.setObject(4, SqlTime.month(month));
                int n;
                try (ResultSet of = sequence.executeQuery()) {
                    of.next();
                    n = of.getInt(1);
                }
                update.setString(1, DocumentKey.of(row.getString("issuer"), account, month, n));
                update.setInt(2, n);
                update.setString(3, row.getString("number"));
                update.setString(4, account);
                update.setObject(5, SqlTime.month(month));
                update.executeUpdate();
            }
        }
    }

    /**
     * What waits in the restored ledger may have been committed since, where nobody can be asked. What is parked stays so,
     * but must not be sent again as if nothing had been.
     */
    private void holdInDoubt(String connector) throws SQLException {
        DeliveryState.PENDING.become(DeliveryState.IN_DOUBT);
        DeliveryState.RETRYING.become(DeliveryState.IN_DOUBT);
        String sql =
                """
                update delivery v
                   set state = case when state = 'parked' then state else 'in-doubt' end, doubt = true,
                       due_at = 'infinity', owner = null, lease_until = null, updated_at = ?,
                       last_error = concat_ws('; ', case when state = 'parked' then last_error end,
                                              'the ledger was restored; whether ' || v.connector
                                              || ' got it since is not known: adopt its reference, or resend')
                 where v.connector = ? and v.state in ('pending', 'retrying', 'parked')
                   and exists (select from recovery c join restored r on r.id = c.restored
                                where c.connector = v.connector and c.doubt and r.recovered_at is null)
                """;
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setObject(1, SqlTime.at(now));
            update.setString(2, connector);
            update.executeUpdate();
        }
    }

    private List<String> lines(String sql) throws SQLException {
        return texts(connection, sql + " limit " + MAX_NAMED);
    }

    private static List<String> texts(Connection connection, String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(sql)) {
            while (row.next()) {
                texts.add(row.getString(1));
            }
        }
        return texts;
    }

    /** Where everything stands now. */
    static RecoveryReport report(
            Connection connection, List<RecoveryReport.Connector> connectors, List<String> problems)
            throws SQLException {
        List<RecoveryReport.Found> documents = new ArrayList<>();
        String sql =
                """
                select number, account, month, total, currency, connector, reference,
                       case when document is not null then 'issued' when accepted_at is not null then 'accepted'
                            else 'waiting' end as state
                  from recovered order by number, connector limit
                """
                        + RecoveryReport.MAX;
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(sql)) {
            while (row.next()) {
                documents.add(new RecoveryReport.Found(
                        row.getString("number"),
                        row.getString("account"),
                        row.getObject("month") == null ? null : SqlTime.month(row, "month"),
                        row.getBigDecimal("total"),
                        row.getString("currency"),
                        row.getString("connector"),
                        row.getString("reference"),
                        row.getString("state")));
            }
        }
        List<String> missing = texts(connection, MISSING + " limit " + RecoveryReport.MAX);
        return new RecoveryReport(
                RestoredLedger.waiting(connection).isEmpty(), connectors, documents, missing, problems);
    }

    /** Numbers of each series that neither a document nor a connector bears. */
    static final String MISSING =
            """
            select number from (select s.issuer, %s as number
                                  from number_series s, generate_series(1, s.last) as n
                                 where s.kind in ('invoice', 'credit-note')) as given
             where not exists (select from document d where d.issuer = given.issuer and d.number = given.number)
               and not exists (select from recovered r where r.number = given.number)
             order by number
            """
                    .formatted(NumberSeries.TEXT_SQL);
}
