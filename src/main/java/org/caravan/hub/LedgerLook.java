package org.caravan.hub;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.hub.db.EmbeddedPostgres;
import org.caravan.ledger.LedgerSchema;
import org.postgresql.ds.PGSimpleDataSource;

/** A look at the ledger's database that starts no server and runs no migration. */
final class LedgerLook {
    private static final int OLDEST = 140_000;

    private final HubConfig config;
    private final String currency;
    private final Duration limit;
    private DataSource ready;

    /**
     * @param currency the one that the ledger must rate in, or null
     * @param limit longest wait for the server
     */
    LedgerLook(HubConfig config, String currency, Duration limit) {
        this.config = config;
        this.currency = currency;
        this.limit = limit;
    }

    /** Connections that read alone, to a ledger that is there with the schema of today; else null. */
    DataSource ready() {
        return ready;
    }

    /**
     * Looks.
     *
     * @return what was found
     * @throws UserError if it can't be reached or used
     */
    String look() throws SQLException {
        if (config.find(Settings.LEDGER_URL).isPresent()) {
            return ask(LedgerDatabase.external(config));
        }
        Path data = config.get(Settings.DATA);
        Paths.dataDirectory(data);
        if (!Paths.isLedger(data)) {
            LedgerDatabase.checkCurrency(config, currency);
            return "no ledger is in " + data + " yet; run begins one, in " + currency;
        }
        Optional<DatabaseAccess> running = EmbeddedPostgres.running(data);
        return running.isPresent()
                ? ask(running.get())
                : data + " holds a ledger; no hub runs, so its PostgreSQL was not asked";
    }

    private String ask(DatabaseAccess access) throws SQLException {
        String seconds = Long.toString(Math.max(1, limit.toSeconds()));
        Properties properties = new Properties();
        properties.put("user", access.user());
        properties.put("password", access.password());
        properties.put("ApplicationName", "caravan-check");
        properties.put("loginTimeout", seconds);
        properties.put("connectTimeout", seconds);
        properties.put("socketTimeout", seconds);
        try (Connection connection = DriverManager.getConnection(access.url(), properties)) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            String found = ask(connection, access);
            connection.rollback();
            return found;
        } catch (SQLException e) {
            throw new UserError(
                    1,
                    "can't use " + access.url().replaceFirst("[?].*", "") + " as " + access.user() + " ("
                            + e.getMessage().replaceAll("\\s*\\R\\s*", " ")
                            + "); see that it runs, and caravan.ledger.url, .user and .password",
                    e);
        }
    }

    private String ask(Connection connection, DatabaseAccess access) throws SQLException {
        int version = Integer.parseInt(text(connection, "show server_version_num"));
        String server = "PostgreSQL " + text(connection, "show server_version");
        if (version < OLDEST) {
            throw new UserError(1, server + " is older than 14; use a newer one", null);
        }
        if (text(connection, "select to_regclass('flyway_schema_history')") == null) {
            if (!"t".equals(text(connection, "select has_schema_privilege(current_schema(), 'CREATE')"))) {
                throw new UserError(
                        1,
                        server + " is there, but " + access.user()
                                + " may not make tables; let it: grant create on schema public to " + access.user(),
                        null);
            }
            LedgerDatabase.checkCurrency(config, currency);
            return server + ", without a ledger yet; run begins one";
        }
        PGSimpleDataSource source = source(access);
        int schema = LedgerSchema.version(connection);
        int newest = LedgerSchema.newest(source);
        if (schema > newest) {
            throw new UserError(
                    1,
                    "the ledger has schema " + schema + ", made by a newer Caravan; this one knows " + newest
                            + ": use the newer one",
                    null);
        }
        if (schema < newest) {
            return server + ", schema " + schema + "; the next start brings it to " + newest;
        }
        LedgerSchema.Identity identity = LedgerSchema.find(source);
        if (identity != null
                && currency != null
                && identity.currency() != null
                && !identity.currency().equals(currency)) {
            throw new UserError(
                    "the ledger is in " + identity.currency() + ", but caravan.tariff or caravan.currency says "
                            + currency + "; correct them, or use another ledger");
        }
        ready = source;
        return server + ", schema " + schema + (identity == null ? "" : ", in " + identity.currency());
    }

    private PGSimpleDataSource source(DatabaseAccess access) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(access.url());
        source.setUser(access.user());
        source.setPassword(access.password());
        source.setReadOnly(true);
        int seconds = Math.max(1, Math.toIntExact(limit.toSeconds()));
        source.setConnectTimeout(seconds);
        source.setSocketTimeout(seconds);
        return source;
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        }
    }
}
