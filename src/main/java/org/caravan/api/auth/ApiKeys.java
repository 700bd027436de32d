package org.caravan.api.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * The keys of the served APIs: {@code caravan_<id>_<256 random bits>}. The id finds the row, the digest proves the key; as
 * the secret is random, a plain digest can't be guessed from.
 */
public final class ApiKeys {
    private static final int SECRET_BYTES = 32;
    private static final String PREFIX = "caravan_";
    private static final Pattern KEY = Pattern.compile(PREFIX + "(\\d{1,18})_([A-Za-z0-9_-]{43})");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final DataSource dataSource;
    private final Clock clock;

    public ApiKeys(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /** What a key is for. */
    public enum Kind {
        OPERATOR,
        SOURCE,
        RESELLER,
        MERCHANT;

        /** What people and the ledger call it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Kind of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * A key that is in force.
     *
     * @param subject whom it speaks for, as its kind defines: the name of a source; null for the operator
     * @param tenants the only ones that it speaks for; empty = any
     * @param prices true if it may name prices
     * @param allResellers true if it may see a report of all resellers
     */
    public record Known(
            long id,
            String name,
            Kind kind,
            String subject,
            Set<String> tenants,
            boolean prices,
            boolean allResellers) {
        public Known {
            tenants = Set.copyOf(tenants);
        }
    }

    /**
     * What a key is made for; see {@link Known}.
     *
     * @param name unique among the keys of the kind that are in force
     */
    public record Wanted(
            String name, Kind kind, String subject, Set<String> tenants, boolean prices, boolean allResellers) {
        public Wanted {
            tenants = Set.copyOf(tenants);
        }

        /** One that sees no more than its own reseller, if any. */
        public Wanted(String name, Kind kind, String subject, Set<String> tenants, boolean prices) {
            this(name, kind, subject, tenants, prices, false);
        }

        /** One that is confined to nothing and names no prices. */
        public static Wanted of(String name, Kind kind, String subject) {
            return new Wanted(name, kind, subject, Set.of(), false);
        }
    }

    /**
     * A key as it is listed: all but the key.
     *
     * @param revokedAt when it was ended; null while it is in force
     */
    public record Listed(
            long id,
            String name,
            Kind kind,
            String subject,
            Set<String> tenants,
            boolean prices,
            boolean allResellers,
            Instant createdAt,
            Instant revokedAt) {
        public Listed {
            tenants = Set.copyOf(tenants);
        }
    }

    /**
     * Makes a key.
     *
     * @param name unique among the keys of the kind that are in force
     * @return the key, which can't be read again
     * @throws SQLException with state 23505 if the name is taken
     */
    public String create(String name, Kind kind, String subject) throws SQLException {
        return create(Wanted.of(name, kind, subject), key -> {});
    }

    /**
     * As above, and hands the key on before it counts.
     *
     * @param keeper what it throws leaves no key behind
     */
    public String create(Wanted wanted, Consumer<String> keeper) throws SQLException {
        return create(wanted, keeper, false);
    }

    /**
     * Makes a key in the place of the one in force with its name, kind and subject, which opens nothing from the same moment
     * on; and makes it, too, where there is none.
     *
     * @throws SQLException with state 23505 if the name is taken by another subject's
     */
    public String replace(Wanted wanted) throws SQLException {
        return create(wanted, key -> {}, true);
    }

    private String create(Wanted wanted, Consumer<String> keeper, boolean replacing) throws SQLException {
        byte[] bytes = new byte[SECRET_BYTES];
        RANDOM.nextBytes(bytes);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        String sql =
                """
                insert into api_key (name, kind, subject, digest, created_at, tenants, prices, all_resellers)
                values (?, ?, ?, ?, ?, ?, ?, ?) returning id
                """;
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            boolean committed = false;
            try (PreparedStatement old = connection.prepareStatement("update api_key set revoked_at = ? where name = ?"
                            + " and kind = ? and subject is not distinct from ? and revoked_at is null");
                    PreparedStatement insert = connection.prepareStatement(sql)) {
                if (replacing) {
                    old.setTimestamp(1, Timestamp.from(clock.instant()));
                    old.setString(2, wanted.name());
                    old.setString(3, wanted.kind().word());
                    old.setString(4, wanted.subject());
                    old.executeUpdate();
                }
                insert.setString(1, wanted.name());
                insert.setString(2, wanted.kind().word());
                insert.setString(3, wanted.subject());
                insert.setBytes(4, digest(secret));
                insert.setTimestamp(5, Timestamp.from(clock.instant()));
                insert.setArray(
                        6,
                        wanted.tenants().isEmpty()
                                ? null
                                : connection.createArrayOf(
                                        "text",
                                        wanted.tenants().stream().sorted().toArray()));
                insert.setBoolean(7, wanted.prices());
                insert.setBoolean(8, wanted.allResellers());
                try (ResultSet row = insert.executeQuery()) {
                    row.next();
                    String key = PREFIX + row.getLong(1) + "_" + secret;
                    keeper.accept(key);
                    connection.commit();
                    committed = true;
                    return key;
                }
            } finally {
                if (!committed) {
                    connection.rollback();
                }
                connection.setAutoCommit(autoCommit);
            }
        }
    }

    /** What the key is called that a reseller's login made; no other key of a reseller is called so. */
    public static String ofLogin(String username) {
        return "login " + username;
    }

    /** True if this is or was meant to be a key of ours. */
    static boolean isKey(String text) {
        return text.startsWith(PREFIX);
    }

    /** The key in force that this text is; empty for anything else. */
    public Optional<Known> find(String text) throws SQLException {
        Matcher key = KEY.matcher(text);
        if (!key.matches()) {
            return Optional.empty();
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select name, kind, subject, digest, tenants, prices, all_resellers from api_key"
                                + " where id = ? and revoked_at is null")) {
            select.setLong(1, Long.parseLong(key.group(1)));
            try (ResultSet row = select.executeQuery()) {
                boolean there = row.next();
                // an id without a row takes as long as one with a wrong secret
                byte[] known = there ? row.getBytes(4) : new byte[SECRET_BYTES];
                if (!MessageDigest.isEqual(known, digest(key.group(2))) || !there) {
                    return Optional.empty();
                }
                return Optional.of(new Known(
                        Long.parseLong(key.group(1)),
                        row.getString(1),
                        Kind.of(row.getString(2)),
                        row.getString(3),
                        tenants(row, 5),
                        row.getBoolean(6),
                        row.getBoolean(7)));
            }
        }
    }

    /** Keys in the order in which they were made. */
    public List<Listed> list() throws SQLException {
        List<Listed> found = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        """
                        select id, name, kind, subject, tenants, prices, all_resellers, created_at, revoked_at
                          from api_key order by id
                        """);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                Timestamp revoked = row.getTimestamp(9);
                found.add(new Listed(
                        row.getLong(1),
                        row.getString(2),
                        Kind.of(row.getString(3)),
                        row.getString(4),
                        tenants(row, 5),
                        row.getBoolean(6),
                        row.getBoolean(7),
                        row.getTimestamp(8).toInstant(),
                        revoked == null ? null : revoked.toInstant()));
            }
        }
        return found;
    }

    private static Set<String> tenants(ResultSet row, int column) throws SQLException {
        Array tenants = row.getArray(column);
        return tenants == null ? Set.of() : Set.of((String[]) tenants.getArray());
    }

    /** True if a key of this kind is in force. */
    public boolean hasAny(Kind kind) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select exists (select from api_key where kind = ? and revoked_at is null)")) {
            select.setString(1, kind.word());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /**
     * Ends a key.
     *
     * @return false if none of this kind and name is in force
     */
    public boolean revoke(String name, Kind kind) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "update api_key set revoked_at = ? where name = ? and kind = ? and revoked_at is null")) {
            update.setTimestamp(1, Timestamp.from(clock.instant()));
            update.setString(2, name);
            update.setString(3, kind.word());
            boolean revoked = update.executeUpdate() == 1;
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
            return revoked;
        }
    }

    private static byte[] digest(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
