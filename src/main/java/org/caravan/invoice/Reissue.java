package org.caravan.invoice;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravan.common.Decimals;
import org.caravan.invoice.document.Document;

/**
 * Documents of a month that were issued before the ledger was restored and are found at connectors: the account's next
 * document of that month takes their number and key, and is not sent to where it is already. Read and written within the
 * issue transaction, whose caller holds the accounts' buckets.
 */
public final class Reissue {
    private final Document.Kind kind;
    private final Map<String, List<Held>> byAccount;

    private Reissue(Document.Kind kind, Map<String, List<Held>> byAccount) {
        this.kind = kind;
        this.byAccount = byAccount;
    }

    /** What one connector holds of a document; accepted: a person takes a differing total upon themselves. */
    private record Held(
            String connector,
            String number,
            String key,
            int sequence,
            String currency,
            BigDecimal total,
            String reference,
            boolean accepted) {}

    /**
     * The name that a document must be issued under again.
     *
     * @param number its number
     * @param key its key
     * @param sequence n-th document of its account and month, from 1
     */
    public record Name(String number, String key, int sequence) {}

    /** Reads what waits to be issued again; usually nothing. */
    public static Reissue of(Connection connection, Document.Kind kind, YearMonth month, Collection<String> accounts)
            throws SQLException {
        String sql =
                """
                select account, connector, number, key, sequence, currency, total, reference, accepted_at is not null
                  from recovered
                 where document is null and key is not null and kind = ? and month = ? and account = any (?)
                 order by account, sequence, number, connector
                """;
        Map<String, List<Held>> byAccount = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, kind.code());
            select.setObject(2, SqlTime.month(month));
            select.setArray(3, connection.createArrayOf("text", accounts.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Held held = new Held(
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            row.getInt(5),
                            row.getString(6),
                            row.getBigDecimal(7),
                            row.getString(8),
                            row.getBoolean(9));
                    List<Held> of = byAccount.computeIfAbsent(row.getString(1), account -> new ArrayList<>());
                    // the account's first one; its later ones are for its later documents
                    if (of.isEmpty() || of.get(0).number.equals(held.number)) {
                        of.add(held);
                    }
                }
            }
        }
        return new Reissue(kind, byAccount);
    }

    /** The name that the account's document must have; empty if it gets the series' next one. */
    public Optional<Name> name(String account) {
        return first(account).map(held -> new Name(held.number, held.key, held.sequence));
    }

    private Optional<Held> first(String account) {
        return byAccount.getOrDefault(account, List.of()).stream().findFirst();
    }

    /**
     * Why the account's document may not be issued: it is not what a connector holds under its number.
     *
     * @param total what the ledger comes to
     */
    public Optional<String> difference(String account, String currency, BigDecimal total) {
        for (Held held : byAccount.getOrDefault(account, List.of())) {
            boolean other = held.currency != null && !held.currency.equals(currency);
            if (!held.accepted && (other || held.total != null && held.total.compareTo(total) != 0)) {
                return Optional.of(held.number + " was issued before the ledger was restored: " + held.connector
                        + " holds it with " + money(held.total, held.currency) + " (" + held.reference
                        + "), "
                        + (kind == Document.Kind.INVOICE ? "the usage that is here" : "this credit") + " comes to "
                        + money(total, currency) + "; "
                        + (kind == Document.Kind.INVOICE
                                ? "read the usage that is missing"
                                : "credit first what that one did")
                        + ", or take the difference upon you with caravan recover"
                        + " --accept " + held.number + " --reason TEXT");
            }
        }
        return Optional.empty();
    }

    private static String money(BigDecimal total, String currency) {
        return (total == null ? "an unknown total" : Decimals.plain(total)) + (currency == null ? "" : " " + currency);
    }

    /** Ties the account's document to what was found: its deliveries there are committed. Does nothing if nothing was. */
    public void issued(Connection connection, String account, long document, BigDecimal total, Instant now)
            throws SQLException {
        if (first(account).isEmpty()) {
            return;
        }
        OffsetDateTime at = SqlTime.at(now);
        try (PreparedStatement adopt = connection.prepareStatement(ADOPT);
                PreparedStatement mark = connection.prepareStatement(
                        "update recovered set document = ? where number = ? and document is null")) {
            for (Held held : byAccount.get(account)) {
                adopt.setLong(1, document);
                adopt.setString(2, held.connector);
                adopt.setObject(3, at);
                adopt.setString(4, held.reference == null ? held.number : held.reference);
                adopt.setBigDecimal(5, held.total);
                adopt.setString(6, alarm(held.connector, held.number, held.reference, held.total, total));
                adopt.setObject(7, at);
                adopt.setObject(8, at);
                adopt.executeUpdate();
            }
            mark.setLong(1, document);
            mark.setString(2, first(account).orElseThrow().number);
            mark.executeUpdate();
        }
    }

    /** The alarm that a committed delivery bears where the connector's total is another; null where it is not. */
    static String alarm(String connector, String number, String reference, BigDecimal theirs, BigDecimal ours) {
        return theirs == null || theirs.compareTo(ours) == 0
                ? null
                : "ALARM: connector " + connector + " holds document " + number + " as " + reference + " with total "
                        + Decimals.plain(theirs) + ", the document says " + Decimals.plain(ours)
                        + "; correct it in the ERP";
    }

    /** A delivery that is where it should be. One that runs elsewhere or is committed stays as it is. */
    static final String ADOPT =
            """
            insert into delivery as v (document, connector, state, due_at, reference, erp_total, last_error, committed_at,
                                       updated_at)
            values (?, ?, 'committed', ?, ?, ?, ?, ?, ?)
            on conflict (document, connector) do update
               set state = 'committed', reference = excluded.reference, erp_total = excluded.erp_total,
                   last_error = excluded.last_error, doubt = false, owner = null, lease_until = null,
                   committed_at = excluded.committed_at, updated_at = excluded.updated_at
             where v.state <> 'committed' and (v.owner is null or v.lease_until <= clock_timestamp())
            """;
}
