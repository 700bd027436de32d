package org.caravan.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.caravan.metering.Price;
import org.caravan.metering.UsageKey;

/**
 * The ids of texts, tenants and prices.
 *
 * <p>New ones are written in the transaction that first needs them, so they are remembered only when {@link #committed()}
 * says that it held; {@link #forget()} drops what a failed one made. Rows are inserted in sorted order in one statement
 * per table, so that two hubs which meet the same new texts wait for each other but never in a circle.
 */
final class Terms {
    /** Texts remembered; beyond it the memory is emptied and read again. */
    private static final int MAX_REMEMBERED = 4_000_000;

    private final Map<String, Integer> terms = new HashMap<>();
    private final Map<TenantName, TenantRef> tenants = new HashMap<>();
    private final Map<Price, Integer> prices = new HashMap<>();

    private final Map<String, Integer> newTerms = new HashMap<>();
    private final Map<TenantName, TenantRef> newTenants = new HashMap<>();
    private final Map<Price, Integer> newPrices = new HashMap<>();

    private final MetadataIds metadata = new MetadataIds();

    /** A tenant's name within its realm. */
    record TenantName(String realm, String name) implements Comparable<TenantName> {
        static TenantName of(UsageKey key) {
            return new TenantName(key.realm(), key.tenant());
        }

        @Override
        public int compareTo(TenantName other) {
            int byRealm = realm.compareTo(other.realm);
            return byRealm != 0 ? byRealm : name.compareTo(other.name);
        }
    }

    /** Id of a text that {@link #resolve} was asked for. */
    int term(String value) {
        Integer id = terms.get(value);
        return id != null ? id : newTerms.get(value);
    }

    /** Id of a text, or -1 where this process has not met it. */
    int known(String value) {
        Integer id = terms.get(value);
        if (id == null) {
            id = newTerms.get(value);
        }
        return id == null ? -1 : id;
    }

    /** A tenant that {@link #resolveTenants} was asked for; null where this process has not met it. */
    TenantRef tenant(TenantName name) {
        TenantRef ref = tenants.get(name);
        return ref != null ? ref : newTenants.get(name);
    }

    /** Id of a price that {@link #resolvePrices} was asked for. */
    int price(Price price) {
        Integer id = prices.get(price);
        return id != null ? id : newPrices.get(price);
    }

    MetadataIds metadata() {
        return metadata;
    }

    void committed() {
        metadata.committed();
        if (terms.size() + newTerms.size() > MAX_REMEMBERED) {
            terms.clear();
        }
        terms.putAll(newTerms);
        tenants.putAll(newTenants);
        prices.putAll(newPrices);
        forget();
    }

    void forget() {
        metadata.forget();
        newTerms.clear();
        newTenants.clear();
        newPrices.clear();
    }

    void resolve(Connection connection, Collection<String> values) throws SQLException {
        TreeSet<String> unknown = new TreeSet<>();
        for (String value : values) {
            if (!terms.containsKey(value)) {
                unknown.add(value);
            }
        }
        readTerms(connection, "select id, value from term where value = any (?)", unknown);
        unknown.removeAll(newTerms.keySet());
        readTerms(
                connection,
                "insert into term (value) select unnest(?) on conflict do nothing returning id, value",
                unknown);
        // what another hub inserted meanwhile is visible now: the insert waited for its commit
        unknown.removeAll(newTerms.keySet());
        readTerms(connection, "select id, value from term where value = any (?)", unknown);
    }

    private void readTerms(Connection connection, String sql, Collection<String> values) throws SQLException {
        if (values.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("text", values.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    newTerms.put(row.getString(2), row.getInt(1));
                }
            }
        }
    }

    void resolveTenants(Connection connection, Collection<TenantName> names) throws SQLException {
        TreeSet<TenantName> unknown = new TreeSet<>(names);
        unknown.removeAll(tenants.keySet());
        if (unknown.isEmpty()) {
            return;
        }
        List<TenantName> wanted = new ArrayList<>(unknown);
        Object[] realms = wanted.stream().map(TenantName::realm).toArray();
        Object[] values = wanted.stream().map(TenantName::name).toArray();
        Object[] buckets = wanted.stream().map(n -> UsageKey.bucketOf(n.name())).toArray();
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into tenant (realm, name, bucket) select * from unnest(?, ?, ?) on conflict do nothing")) {
            insert.setArray(1, connection.createArrayOf("text", realms));
            insert.setArray(2, connection.createArrayOf("text", values));
            insert.setArray(3, connection.createArrayOf("int2", buckets));
            insert.executeUpdate();
        }
        try (PreparedStatement select = connection.prepareStatement(
                """
                select t.id, t.realm, t.name, t.bucket
                  from unnest(?, ?) as wanted (realm, name) join tenant t using (realm, name)
                """)) {
            select.setArray(1, connection.createArrayOf("text", realms));
            select.setArray(2, connection.createArrayOf("text", values));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    TenantRef ref = new TenantRef(row.getInt(1), row.getString(2), row.getString(3), row.getInt(4));
                    newTenants.put(new TenantName(ref.realm(), ref.name()), ref);
                }
            }
        }
    }

    void resolvePrices(Connection connection, Collection<Price> wanted) throws SQLException {
        List<Price> unknown = new ArrayList<>();
        List<byte[]> digests = new ArrayList<>();
        for (Price price : wanted) {
            if (!prices.containsKey(price) && !newPrices.containsKey(price)) {
                unknown.add(price);
            }
        }
        unknown.sort((a, b) -> Arrays.compareUnsigned(digest(a), digest(b)));
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into price (digest, tariff, rules, unit_price, priced) values (?, ?, ?, ?, ?)
                on conflict do nothing
                """)) {
            for (Price price : unknown) {
                byte[] digest = digest(price);
                digests.add(digest);
                insert.setBytes(1, digest);
                insert.setString(2, price.tariff());
                insert.setArray(
                        3, connection.createArrayOf("text", price.rules().toArray()));
                insert.setBigDecimal(4, price.unitPrice());
                insert.setBoolean(5, price.priced());
                insert.addBatch();
            }
            insert.executeBatch();
        }
        try (PreparedStatement select = connection.prepareStatement("select id from price where digest = ?")) {
            for (int i = 0; i < unknown.size(); i++) {
                select.setBytes(1, digests.get(i));
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    newPrices.put(unknown.get(i), row.getInt(1));
                }
            }
        }
    }

    /** What makes two prices one row: every field, with lengths so that no two can read the same. */
    private static byte[] digest(Price price) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            update(sha, price.tariff());
            for (String rule : price.rules()) {
                update(sha, rule);
            }
            update(
                    sha,
                    price.unitPrice() == null ? "-" : "=" + price.unitPrice().toPlainString());
            sha.update((byte) (price.priced() ? 1 : 0));
            return sha.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void update(MessageDigest sha, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        sha.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
        sha.update(bytes);
    }
}
