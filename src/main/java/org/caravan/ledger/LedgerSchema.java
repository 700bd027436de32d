package org.caravan.ledger;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.YearMonth;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.caravan.common.UserError;

/** Brings a database to the schema of {@code db/migration} and fixes what a ledger decides once. */
public final class LedgerSchema {
    /** Advisory lock under which partitions are made: any number nobody else uses. */
    private static final long PARTITION_LOCK = 0x43617261_76616e01L;

    private static final Pattern PARTITION = Pattern.compile("([a-z]+)_(\\d{4,})_(\\d{2})");

    private LedgerSchema() {}

    /**
     * Applies missing migrations; needs Flyway on the class path. Safe to call from several processes at once.
     *
     * @throws UserError if the database holds half a ledger, see {@link UnfinishedRestore}, or that of a newer Caravan
     */
    public static void migrate(DataSource dataSource) {
        UnfinishedRestore.refuse(dataSource);
        migrate(dataSource, "latest");
    }

    /**
     * Brings a database to an older version of the schema, or to the latest; for a restore.
     *
     * @param version such as {@code 8}
     */
    public static void migrate(DataSource dataSource, String version) {
        withFlyway(() -> Migrations.apply(dataSource, version));
    }

    /** The newest version of the schema that this Caravan knows. */
    public static int newest(DataSource dataSource) {
        int[] newest = new int[1];
        withFlyway(() -> newest[0] = Migrations.newest(dataSource));
        return newest[0];
    }

    /** The version of the schema that a ledger has. */
    public static int version(Connection connection) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet row =
                        select.executeQuery("select max(version::int) from flyway_schema_history where success")) {
            row.next();
            return row.getInt(1);
        }
    }

    /**
     * Refuses a ledger whose schema is not this Caravan's, for a command that works beside a hub and so may not change it.
     *
     * @throws UserError naming both versions
     */
    public static void needCurrent(DataSource dataSource) {
        int known = newest(dataSource);
        int found = found(dataSource);
        if (found > known) {
            throw newer(found, known);
        }
        // 0: the hub that makes it has only begun
        if (found > 0 && found < known) {
            throw new UserError(
                    1,
                    "the ledger has schema version " + found + ", this Caravan works with " + known
                            + ": an older hub runs on it; end that hub and start this Caravan's",
                    null);
        }
    }

    private static UserError newer(int found, int known) {
        return new UserError(
                1,
                "the ledger has schema version " + found + ", this Caravan knows " + known
                        + ": a newer Caravan has been at work in it; use that one, or restore a backup from before",
                null);
    }

    /** The version of the schema in this database; 0 if there is none. */
    private static int found(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection()) {
            try (Statement select = connection.createStatement();
                    ResultSet row = select.executeQuery("select exists (select from pg_class where relname ="
                            + " 'flyway_schema_history' and relnamespace = (select oid from pg_namespace"
                            + " where nspname = current_schema()))")) {
                row.next();
                if (!row.getBoolean(1)) {
                    return 0;
                }
            }
            return version(connection);
        } catch (SQLException e) {
            throw new IllegalStateException("the ledger's schema can't be read: " + e.getMessage(), e);
        }
    }

    private static void withFlyway(Runnable work) {
        try {
            work.run();
        } catch (NoClassDefFoundError e) {
            throw new UserError(
                    "the ledger's schema can't be brought up to date: Flyway is not on the class path; add"
                            + " org.flywaydb:flyway-database-postgresql or apply db/migration yourself",
                    e);
        }
    }

    /** Flyway stands apart so that a plugin without it can load this class. */
    private static final class Migrations {
        static void apply(DataSource dataSource, String version) {
            org.flywaydb.core.Flyway flyway = org.flywaydb.core.Flyway.configure(LedgerSchema.class.getClassLoader())
                    .dataSource(dataSource)
                    .locations("classpath:db/migration")
                    .validateMigrationNaming(true)
                    .target(version)
                    // None that this Caravan does not know: what a newer one wrote, this one would misread.
                    .ignoreMigrationPatterns(new String[0])
                    // a restore's mark stands in the database before its first migration
                    .baselineOnMigrate(UnfinishedRestore.isMarked(dataSource))
                    .baselineVersion("0")
                    // Its lock is the session's, not a transaction's: then Flyway works on one connection, where a
                    // migration and the note that it was done are one transaction. On two, a kill between their commits
                    // leaves a schema at which every later start fails.
                    .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
                    .load();
            try {
                flyway.migrate();
            } catch (org.flywaydb.core.api.exception.FlywayValidateException e) {
                int known = newest(dataSource);
                int found = found(dataSource);
                throw found > known ? newer(found, known) : e;
            }
        }

        static int newest(DataSource dataSource) {
            int newest = 0;
            for (org.flywaydb.core.api.MigrationInfo known : org.flywaydb.core.Flyway.configure(
                            LedgerSchema.class.getClassLoader())
                    .dataSource(dataSource)
                    .locations("classpath:db/migration")
                    .load()
                    .info()
                    .all()) {
                if (known.getState().isResolved() && known.getVersion() != null) {
                    newest =
                            Math.max(newest, Integer.parseInt(known.getVersion().getVersion()));
                }
            }
            return newest;
        }
    }

    /**
     * Fixes issuer, currency and proforma of a new ledger, or checks them against those of an old one.
     *
     * @param issuer wanted issuer, or null: a random one for a new ledger
     * @param currency the ledger's one rating currency (ISO 4217); null = whichever it has. A ledger that has none yet takes
     *     it
     * @throws UserError if the ledger was begun with others
     */
    public static Identity identify(DataSource dataSource, String issuer, String currency, boolean proforma) {
        try (Connection connection = dataSource.getConnection()) {
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into ledger (issuer, currency, proforma) values (?, ?, ?) on conflict do nothing")) {
                insert.setString(1, issuer != null ? issuer : randomIssuer());
                insert.setString(2, currency);
                insert.setBoolean(3, proforma);
                insert.executeUpdate();
            }
            if (currency != null) {
                try (PreparedStatement update =
                        connection.prepareStatement("update ledger set currency = ? where currency is null")) {
                    update.setString(1, currency);
                    update.executeUpdate();
                }
            }
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
            Identity identity = identity(connection);
            if (issuer != null && !issuer.equals(identity.issuer())) {
                throw new UserError("caravan.issuer: this ledger was begun with issuer '" + identity.issuer()
                        + "', not '" + issuer + "'; remove the setting or use another data directory");
            }
            if (currency != null && !currency.equals(identity.currency())) {
                throw new UserError("currency: this ledger rates in " + identity.currency() + ", the tariff (or"
                        + " caravan.currency) says " + currency
                        + "; one ledger has one rating currency: use another data directory");
            }
            if (proforma != identity.proforma()) {
                throw new UserError("this ledger is " + (identity.proforma() ? "a" : "no")
                        + " proforma ledger; use another data directory");
            }
            return identity;
        } catch (SQLException e) {
            throw new IllegalStateException("the ledger's identity can't be read: " + e.getMessage(), e);
        }
    }

    /** What an existing ledger decided, or null if nothing was decided yet. */
    public static Identity find(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection();
                Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("select issuer, currency, proforma from ledger")) {
            return row.next() ? new Identity(row.getString(1), row.getString(2), row.getBoolean(3)) : null;
        } catch (SQLException e) {
            throw new IllegalStateException("the ledger's identity can't be read: " + e.getMessage(), e);
        }
    }

    private static Identity identity(Connection connection) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("select issuer, currency, proforma from ledger")) {
            row.next();
            return new Identity(row.getString(1), row.getString(2), row.getBoolean(3));
        }
    }

    private static String randomIssuer() {
        byte[] bytes = new byte[6];
        new SecureRandom().nextBytes(bytes);
        return "c" + HexFormat.of().formatHex(bytes);
    }

    /** What a ledger decides once. */
    public record Identity(String issuer, String currency, boolean proforma) {}

    /** Makes the month's partitions if they are missing; safe to call from several processes at once. */
    public static void ensureMonth(DataSource dataSource, YearMonth month) {
        String suffix = partition("", month);
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                if (!exists(statement, "entry" + suffix) || !exists(statement, "rollup" + suffix)) {
                    statement.execute("select pg_advisory_xact_lock(" + PARTITION_LOCK + ")");
                    for (String table : new String[] {"entry", "rollup"}) {
                        attach(statement, table, suffix, month);
                    }
                }
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(autoCommit);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("partitions of " + month + " can't be made: " + e.getMessage(), e);
        }
    }

    /** Name of a table's partition of a month. */
    static String partition(String table, YearMonth month) {
        return String.format("%s_%04d_%02d", table, month.getYear(), month.getMonthValue());
    }

    /** The month of a partition of a table, by its name; empty for any other name. */
    static Optional<YearMonth> monthOf(String table, String partition) {
        Matcher name = PARTITION.matcher(partition);
        return name.matches() && name.group(1).equals(table)
                ? Optional.of(YearMonth.of(Integer.parseInt(name.group(2)), Integer.parseInt(name.group(3))))
                : Optional.empty();
    }

    /** Attaching takes a weaker lock than CREATE … PARTITION OF, which would wait for every running COPY. */
    private static void attach(Statement statement, String table, String suffix, YearMonth month) throws SQLException {
        if (exists(statement, table + suffix)) {
            return;
        }
        statement.execute("create table " + table + suffix + " (like " + table + " including defaults)");
        statement.execute("alter table " + table + " attach partition " + table + suffix + " for values in ('"
                + month.atDay(1) + "')");
    }

    /** Asked of the catalogue's rows: to_regclass may answer from a cache that does not know yet what another made. */
    private static boolean exists(Statement statement, String table) throws SQLException {
        try (ResultSet row = statement.executeQuery("select exists (select from pg_class where relname = '" + table
                + "' and relnamespace = (select relnamespace from pg_class where oid = 'entry'::regclass))")) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
