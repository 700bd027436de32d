package org.caravan.invoice;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.ledger.LedgerSchema;

/**
 * Makes a restored ledger fit to issue again: asks the connectors what they hold, keeps what the ledger lacks as numbers
 * that are taken, and commits deliveries that arrived meanwhile.
 *
 * <p>Doing it again goes on, and changes nothing that is settled; so does doing it beside a hub at work, or twice at once.
 */
public final class Recovery {
    /** Word that confirms that a connector holds nothing. */
    public static final String NOTHING = "none";

    private static final int CHUNK = 500;

    private final DataSource dataSource;
    private final Clock clock;

    public Recovery(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /** Tells all that a connector holds, see {@link IssuedElsewhere#list}. */
    public interface Listing {
        void list(String issuer, Consumer<FoundDocument> to) throws Exception;
    }

    /**
     * A connector to be asked.
     *
     * @param safe true if the same document twice is one invoice there
     * @param listings places that tell what it holds; none if it can't be asked
     * @param byHand what a person lists of it, or null
     * @param confirmed newest number it holds, as a person says, {@link #NOTHING}, or null
     */
    public record Connector(String name, boolean safe, List<Listing> listings, Listing byHand, String confirmed) {}

    /**
     * Marks a ledger as restored that was put back by other means than a backup of ours, such as a disk's snapshot.
     * Nothing happens if it waits to be recovered already.
     */
    public void mark() throws SQLException {
        Transactions.call(dataSource, connection -> {
            if (RestoredLedger.waiting(connection).isEmpty()) {
                try (PreparedStatement insert = connection.prepareStatement("insert into restored (at) values (?)")) {
                    insert.setObject(1, SqlTime.at(clock.instant()));
                    insert.executeUpdate();
                }
            }
            return null;
        });
    }

    /**
     * Takes a difference upon oneself: the number's document is issued again with whatever the ledger comes to, its delivery
     * bears an alarm where the connector holds another total.
     *
     * @throws UserError if no such number waits
     */
    public void accept(String number, String reason) throws SQLException {
        String sql =
                """
                update recovered set accepted_at = coalesce(accepted_at, ?), accepted_reason = coalesce(accepted_reason, ?)
                 where number = ? and document is null
                """;
        int accepted = Transactions.single(dataSource, connection -> {
            try (PreparedStatement update = connection.prepareStatement(sql)) {
                update.setObject(1, SqlTime.at(clock.instant()));
                update.setString(2, reason);
                update.setString(3, number);
                return update.executeUpdate();
            }
        });
        if (accepted == 0) {
            throw new UserError(
                    "number " + number + ": none that waits to be issued again; caravan recover lists them");
        }
    }

    /**
     * Asks the connectors and settles what can be settled.
     *
     * @param connectors all that may have got documents
     * @throws UserError if the ledger was never restored, or a confirmation can't be true
     */
    public RecoveryReport run(List<Connector> connectors) throws SQLException {
        long restored = Transactions.single(dataSource, Recovery::restore);
        LedgerSchema.Identity identity = LedgerSchema.find(dataSource);
        if (identity == null && !connectors.isEmpty()) {
            throw new UserError(1, "the ledger has no issuer yet: no document of it can be anywhere", null);
        }
        Map<String, RecoveryReport.Connector> told = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        boolean waiting = RestoredLedger.waiting(dataSource).isPresent();
        for (Connector connector : connectors) {
            FoundStore store = new FoundStore(dataSource, clock, identity.issuer(), restored, connector.name());
            boolean complete = ask(connector, identity.issuer(), store, problems);
            problems.addAll(store.clashes());
            String source = Transactions.call(
                    dataSource, connection -> settle(connection, connector, restored, store, complete));
            if (waiting && source.equals("open")) {
                problems.add(open(connector, store, complete));
            }
            told.put(
                    connector.name(),
                    new RecoveryReport.Connector(
                            connector.name(), source, store.documents(), store.newest(), store.adopted()));
        }
        Transactions.call(dataSource, connection -> {
            new RecoveryEnd(connection, clock.instant()).complete(connectors, problems);
            return null;
        });
        return Transactions.call(
                dataSource, connection -> RecoveryEnd.report(connection, List.copyOf(told.values()), problems));
    }

    /** What a person has to do about a connector of which it is not known what it holds. */
    private static String open(Connector connector, FoundStore store, boolean complete) {
        String name = connector.name();
        if (complete) {
            return name + " lacks " + store.lacking() + " documents that the ledger knows it has, such as "
                    + store.lackingExample()
                    + ": is it the right place, or were they moved away? Look there, and say --confirm " + name
                    + "=NUMBER with the newest number it ever got";
        }
        return (connector.listings().isEmpty() ? name + " can't be asked" : name + " did not tell all it holds")
                + ": look there for documents that are not in the ledger; list them with --found " + name
                + "=FILE.csv, or if there are none, say --confirm " + name + "=NUMBER with its newest number, or ="
                + NOTHING;
    }

    /** The restore that is being recovered; the last one where all are. */
    private static long restore(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                        "select id from restored order by recovered_at is null desc, id desc limit 1");
                ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                throw new UserError(
                        "this ledger was not restored, nothing is to be recovered; if it was put back by other"
                                + " means than caravan restore, say --restored");
            }
            return row.getLong(1);
        }
    }

    /**
     * @return true if the connector itself told all it holds
     */
    private boolean ask(Connector connector, String issuer, FoundStore store, List<String> problems)
            throws SQLException {
        boolean complete = !connector.listings().isEmpty();
        for (Listing listing : connector.listings()) {
            complete &= list(connector.name(), listing, issuer, store, problems);
        }
        store.compare();
        if (connector.byHand() != null) {
            list(connector.name(), connector.byHand(), issuer, store, problems);
        }
        return complete;
    }

    private static boolean list(
            String connector, Listing listing, String issuer, FoundStore store, List<String> problems)
            throws SQLException {
        List<FoundDocument> chunk = new ArrayList<>();
        try {
            listing.list(issuer, found -> {
                chunk.add(found);
                if (chunk.size() == CHUNK) {
                    store.take(chunk);
                    chunk.clear();
                }
            });
            store.take(chunk);
            return true;
        } catch (FoundStore.Failed e) {
            throw e.cause();
        } catch (Exception e) {
            problems.add(connector + " can't be asked: " + Failures.reason(e));
            return false;
        }
    }

    /** Notes how it is known what a connector holds; {@code open} if it is not. */
    private String settle(Connection connection, Connector connector, long restored, FoundStore store, boolean complete)
            throws SQLException {
        boolean whole = complete && store.lacking() == 0;
        String source = whole ? "asked" : connector.byHand() != null ? "list" : null;
        if (source == null && connector.confirmed() != null) {
            refuseUnknown(connection, connector);
            source = "confirmed";
        }
        if (source == null) {
            return earlier(connection, restored, connector.name()).orElse("open");
        }
        String sql =
                """
                insert into recovery (restored, connector, source, documents, newest, doubt, updated_at)
                values (?, ?, ?, ?, ?, ?, ?)
                on conflict (restored, connector) do update set source = excluded.source, documents = excluded.documents,
                   newest = excluded.newest, doubt = excluded.doubt, updated_at = excluded.updated_at
                """;
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setLong(1, restored);
            insert.setString(2, connector.name());
            insert.setString(3, source);
            insert.setLong(4, store.documents());
            insert.setString(5, source.equals("confirmed") ? connector.confirmed() : store.newest());
            insert.setBoolean(
                    6, source.equals("confirmed") && !connector.safe() && !NOTHING.equals(connector.confirmed()));
            insert.setObject(7, SqlTime.at(clock.instant()));
            insert.executeUpdate();
        }
        return source;
    }

    private static Optional<String> earlier(Connection connection, long restored, String connector)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select source from recovery where restored = ? and connector = ? and source <> 'asked'")) {
            select.setLong(1, restored);
            select.setString(2, connector);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    /** A newest number beyond all that is known means documents whose accounts are not known: they would be issued twice. */
    private static void refuseUnknown(Connection connection, Connector connector) throws SQLException {
        if (NOTHING.equals(connector.confirmed())) {
            return;
        }
        NumberSeries.Number number = NumberSeries.parse(connector.confirmed())
                .orElseThrow(() -> new UserError("--confirm " + connector.name() + "=" + connector.confirmed()
                        + ": expected a number such as INV-2026-000012, or " + NOTHING));
        try (PreparedStatement select = connection.prepareStatement(
                "select coalesce(max(last), 0) from number_series where kind = ? and year = ?")) {
            select.setString(1, number.kind().code());
            select.setInt(2, number.year());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                if (number.number() > row.getLong(1)) {
                    throw new UserError("--confirm " + connector.name() + "=" + connector.confirmed()
                            + ": the newest known"
                            + " number of that series is its " + row.getLong(1) + "th; list what " + connector.name()
                            + " holds beyond it with --found " + connector.name()
                            + "=FILE.csv, or it would be issued again");
                }
            }
        }
    }
}
