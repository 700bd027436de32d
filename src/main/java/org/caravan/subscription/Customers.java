package org.caravan.subscription;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.caravan.invoice.Transactions;

/** Buyers, each at one merchant. */
public final class Customers extends EntityStore {
    private static final String CONTACTS = "contact_info";
    private static final String DEFAULT_CONTACT = "default_info";

    /** What a customer may say of itself. */
    private static final Set<String> OWN = Set.of("title", "language", CONTACTS, DEFAULT_CONTACT);

    private static final Entity ENTITY = Entity.of(
            "Customer",
            "customer",
            "",
            List.of(
                    Field.text("name", 60).must(),
                    Field.text("title", 60),
                    Field.read("merchant_id", FieldType.TEXT),
                    Field.text("currency", 10),
                    Field.text("language", 10),
                    Field.of(CONTACTS, FieldType.LIST, 0).elsewhere(Contacts.sql()),
                    Field.text(DEFAULT_CONTACT, 255),
                    Field.read("account", FieldType.TEXT)),
            Map.of());

    public Customers(DataSource dataSource, Clock clock) {
        super(ENTITY, dataSource, clock);
    }

    @Override
    protected Condition within(Scope scope) {
        Condition live = Condition.of("t.merchant_id = ? and t.deleted_at is null", scope.merchant());
        return scope.customer() == null ? live : live.and("t.id = ?", scope.customer());
    }

    /** The merchant at which a customer buys; empty if there is none of this id. */
    public Optional<String> merchantOf(String customer) throws SQLException {
        return Transactions.single(
                dataSource,
                connection -> Optional.ofNullable(EntityRows.ask(
                        connection, "select merchant_id from customer where id = ? and deleted_at is null", customer)));
    }

    @Override
    protected void fill(Connection connection, Scope scope, Entry given) throws SQLException {
        References.merchant(connection, scope.merchant());
        for (String word : new String[] {"currency", "language"}) {
            given.otherwise(
                    word,
                    EntityRows.ask(connection, "select " + word + " from merchant where id = ?", scope.merchant()));
        }
        words(connection, given);
        given.put("merchant_id", scope.merchant());
        given.put("account", account(connection, scope.merchant(), given.text("name")));
    }

    /** Documents are known by it, also when names change: so it is given once. */
    private static String account(Connection connection, String merchant, String name) throws SQLException {
        String wanted = EntityRows.ask(connection, "select name from merchant where id = ?", merchant) + "/" + name;
        String account = wanted;
        for (int i = 2; EntityRows.isThere(connection, "select from customer where account = ?", account); i++) {
            account = wanted + " (" + i + ")";
        }
        return account;
    }

    private static void words(Connection connection, Entry given) throws SQLException {
        if (given.has("currency")) {
            given.put("currency", References.currency(connection, "currency", given.text("currency")));
        }
        if (given.has("language")) {
            given.put("language", References.language(connection, "language", given.text("language")));
        }
    }

    @Override
    protected void change(Connection connection, Scope scope, Entry now, Entry changes) throws SQLException {
        for (String name : changes.names()) {
            if (scope.customer() != null && !OWN.contains(name) && !Same.values(now.get(name), changes.get(name))) {
                throw Refusal.of(Refusal.Kind.FORBIDDEN, "Only the merchant may change " + name + ".");
            }
        }
        for (String word : new String[] {"currency", "language"}) {
            if (changes.has(word) && changes.get(word) == null) {
                throw Refusal.invalid(word, "is needed");
            }
        }
        words(connection, changes);
    }

    @Override
    protected void written(Connection connection, Scope scope, Entry given, boolean isNew) throws SQLException {
        String id = given.text("id");
        if (given.has(CONTACTS)) {
            List<Entry> contacts = given.get(CONTACTS) == null ? List.of() : Contacts.read(given.json(CONTACTS));
            Contacts.replace(connection, id, contacts);
        }
        String chosen = given.text(DEFAULT_CONTACT);
        boolean known = chosen != null
                && EntityRows.isThere(
                        connection, "select from contact_info where id = ? and customer_id = ?", chosen, id);
        if (chosen != null && !known) {
            throw Refusal.invalid(DEFAULT_CONTACT, "is no contact of this customer");
        }
        EntityRows.run(
                connection,
                """
                update customer set default_info = (select id from contact_info where customer_id = customer.id order by place limit 1)
                 where id = ? and not exists (select from contact_info where id = default_info and customer_id = customer.id)
                """,
                id);
    }

    @Override
    protected void remove(Connection connection, Scope scope, Entry now) throws SQLException {
        References.notBilled(connection, "Customer", "customer_id", now.text("id"));
        hide(connection, now);
    }
}
