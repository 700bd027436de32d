package org.caravan.invoice;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.caravan.invoice.NumberSeries.Number;
import org.caravan.invoice.document.DocumentKey;

/**
 * What one connector holds, compared with the ledger chunk by chunk: what the ledger has is committed there, what it lacks
 * is kept as a number that is taken.
 */
final class FoundStore {
    private static final int MAX_CLASHES = 100;

    private final DataSource dataSource;
    private final Clock clock;
    private final String issuer;
    private final long restored;
    private final String connector;
    private final List<String> clashes = new ArrayList<>();
    /** Ids of the ledger's documents that were found; a bit each. */
    private final BitSet seen = new BitSet();

    private long documents;
    private long adopted;
    private Number newest;
    private String newestText;
    private long lacking;
    private String lackingExample;

    FoundStore(DataSource dataSource, Clock clock, String issuer, long restored, String connector) {
        this.dataSource = dataSource;
        this.clock = clock;
        this.issuer = issuer;
        this.restored = restored;
        this.connector = connector;
    }

    /** Carries a failure of the database through a connector's listing. */
    static final class Failed extends RuntimeException {
        private final transient SQLException cause;

        Failed(SQLException cause) {
            super(cause);
            this.cause = cause;
        }

        SQLException cause() {
            return cause;
        }
    }

    /** What the ledger has under a key or number. */
    private record Known(long id, String key, String number, String account, YearMonth month, BigDecimal total) {}

    /** Takes a chunk in one transaction. */
    void take(List<FoundDocument> chunk) {
        List<FoundDocument> ours = chunk.stream().filter(this::isOurs).toList();
        if (ours.isEmpty()) {
            return;
        }
        try {
            Transactions.call(dataSource, connection -> {
                Map<String, Known> known = known(connection, ours);
                for (FoundDocument found : ours) {
                    take(connection, found, known.get(found.key()), known.get(found.number()));
                }
                return null;
            });
        } catch (SQLException e) {
            throw new Failed(e);
        }
    }

    private boolean isOurs(FoundDocument found) {
        return found.key() == null
                || DocumentKey.parse(found.key())
                        .map(parts -> parts.issuer().equals(issuer))
                        .orElse(true);
    }

    private Map<String, Known> known(Connection connection, List<FoundDocument> chunk) throws SQLException {
        String sql =
                """
                select id, key, number, account, month, total from document where key = any (?)
                union
                select id, key, number, account, month, total from document where issuer = ? and number = any (?)
                """;
        Map<String, Known> known = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "text",
                            chunk.stream()
                                    .map(FoundDocument::key)
                                    .filter(Objects::nonNull)
                                    .toArray()));
            select.setString(2, issuer);
            select.setArray(
                    3,
                    connection.createArrayOf(
                            "text", chunk.stream().map(FoundDocument::number).toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Known one = new Known(
                            row.getLong(1),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            SqlTime.month(row, "month"),
                            row.getBigDecimal(6));
                    known.put(one.key, one);
                    known.put(one.number, one);
                }
            }
        }
        return known;
    }

    private void take(Connection connection, FoundDocument found, Known byKey, Known byNumber) throws SQLException {
        Optional<Number> number = NumberSeries.parse(found.number());
        Optional<DocumentKey.Parts> key = Optional.ofNullable(found.key()).flatMap(DocumentKey::parse);
        if (number.isEmpty() || found.key() != null && key.isEmpty()) {
            clash(found, "its number or key is not one of Caravan's");
            return;
        }
        if (byKey != byNumber && (found.key() != null || byNumber == null)) {
            clash(
                    found,
                    "the ledger knows "
                            + (byKey == null
                                    ? "that number with key " + byNumber.key
                                    : "that key with number " + byKey.number)
                            + "; two ledgers have issued under one issuer");
            return;
        }
        documents++;
        note(number.get(), found.number());
        if (byNumber == null) {
            NumberSeries.raise(connection, issuer, number.get());
            keep(connection, found, number.get(), key);
        } else if (found.account() != null && !found.account().equals(byNumber.account)
                || found.month() != null && !found.month().equals(byNumber.month)) {
            clash(found, "the ledger knows it as of account " + byNumber.account + ", " + byNumber.month);
        } else {
            seen.set(Math.toIntExact(byNumber.id));
            adopted += adopt(connection, found, byNumber);
        }
    }

    private void clash(FoundDocument found, String what) {
        if (clashes.size() < MAX_CLASHES) {
            clashes.add(connector + " holds " + found.number() + (found.key() == null ? "" : " with key " + found.key())
                    + " (" + found.reference() + "), but " + what
                    + "; find out which is right before anything is issued");
        }
    }

    private void note(Number number, String text) {
        Comparator<Number> order = Comparator.comparing(Number::kind, Comparator.reverseOrder())
                .thenComparing(Number::year)
                .thenComparing(Number::number);
        if (newest == null || order.compare(number, newest) > 0) {
            newest = number;
            newestText = text;
        }
    }

    private int adopt(Connection connection, FoundDocument found, Known known) throws SQLException {
        DeliveryState.PENDING.become(DeliveryState.COMMITTED);
        DeliveryState.RETRYING.become(DeliveryState.COMMITTED);
        try (PreparedStatement update = connection.prepareStatement(Reissue.ADOPT)) {
            OffsetDateTime at = SqlTime.at(clock.instant());
            update.setLong(1, known.id);
            update.setString(2, connector);
            update.setObject(3, at);
            update.setString(4, found.reference() == null ? found.number() : found.reference());
            update.setBigDecimal(5, found.total());
            update.setString(6, Reissue.alarm(connector, known.number, found.reference(), found.total(), known.total));
            update.setObject(7, at);
            update.setObject(8, at);
            return update.executeUpdate();
        }
    }

    private void keep(Connection connection, FoundDocument found, Number number, Optional<DocumentKey.Parts> key)
            throws SQLException {
        String sql =
                """
                insert into recovered as r (number, connector, key, kind, account, month, sequence, currency, total,
                                            reference, restored, found_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (number, connector) do update
                   set key = coalesce(r.key, excluded.key), account = coalesce(r.account, excluded.account),
                       month = coalesce(r.month, excluded.month), sequence = coalesce(r.sequence, excluded.sequence),
                       currency = coalesce(excluded.currency, r.currency), total = coalesce(excluded.total, r.total),
                       reference = coalesce(excluded.reference, r.reference)
                 where r.document is null
                """;
        YearMonth month = key.map(DocumentKey.Parts::month).orElse(found.month());
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setString(1, found.number());
            insert.setString(2, connector);
            insert.setString(3, found.key());
            insert.setString(4, number.kind().code());
            insert.setString(5, key.map(DocumentKey.Parts::account).orElse(found.account()));
            insert.setObject(6, month == null ? null : SqlTime.month(month));
            insert.setObject(7, key.map(DocumentKey.Parts::n).orElse(null), java.sql.Types.INTEGER);
            insert.setString(8, found.currency());
            insert.setBigDecimal(9, found.total());
            insert.setString(10, found.reference());
            insert.setLong(11, restored);
            insert.setObject(12, SqlTime.at(clock.instant()));
            insert.executeUpdate();
        }
    }

    /** Counts what the ledger knows to be committed there and the connector did not name: it may not tell all. */
    void compare() throws SQLException {
        String sql =
                """
                select d.id, d.number from delivery v join document d on d.id = v.document
                 where v.connector = ? and v.state = 'committed' and not d.proforma order by d.id
                """;
        Transactions.call(dataSource, connection -> {
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setFetchSize(10_000);
                select.setString(1, connector);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        if (!seen.get(Math.toIntExact(row.getLong(1)))) {
                            lacking++;
                            lackingExample = row.getString(2);
                        }
                    }
                }
            }
            return null;
        });
    }

    List<String> clashes() {
        return clashes;
    }

    long documents() {
        return documents;
    }

    long adopted() {
        return adopted;
    }

    String newest() {
        return newestText;
    }

    long lacking() {
        return lacking;
    }

    String lackingExample() {
        return lackingExample;
    }
}
