package org.caravan.testing;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.hub.db.EmbeddedPostgres;
import org.caravan.ledger.LedgerSchema;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The real PostgreSQL for tests: one throw-away server per test process, a database of its own for whoever asks.
 *
 * <p>Data sources are not pooled: each {@code getConnection()} is a new connection, about 5 ms.
 */
public final class Database {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private Database() {}

    /** Starts with the first test that needs it; the template is migrated once. */
    private static final class Server {
        static final DatabaseAccess ACCESS = start();

        private static DatabaseAccess start() {
            EmbeddedPostgres postgres = EmbeddedPostgres.throwAway(
                    Path.of(System.getProperty("java.io.tmpdir")), EmbeddedPostgres.defaultCache());
            Runtime.getRuntime().addShutdownHook(new Thread(postgres::close, "stop-test-database"));
            return postgres.start();
        }
    }

    private static final class Template {
        static final String NAME = make("template_ledger");

        private static String make(String name) {
            create(name, "template1");
            LedgerSchema.migrate(dataSource(name));
            return name;
        }
    }

    /** A new database with the ledger's schema and nothing in it. */
    public static DataSource fresh() {
        return dataSource(freshName());
    }

    /** A new database without any schema. */
    public static DataSource empty() {
        return dataSource(emptyName());
    }

    /** As {@link #fresh()}, by how it is reached. */
    public static DatabaseAccess freshAccess() {
        return access(freshName());
    }

    /** As {@link #empty()}, by how it is reached. */
    public static DatabaseAccess emptyAccess() {
        return access(emptyName());
    }

    /** Ends all connections to a database and lets it take no more, as if its server were away. */
    public static void shut(DatabaseAccess access) throws SQLException {
        String name = name(access);
        beside(
                access,
                "alter database " + name + " allow_connections false",
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name + "'");
    }

    /** Ends what {@link #shut} began. */
    public static void open(DatabaseAccess access) throws SQLException {
        beside(access, "alter database " + name(access) + " allow_connections true");
    }

    private static String name(DatabaseAccess access) {
        return access.url().substring(access.url().lastIndexOf('/') + 1);
    }

    /** In another database of the same server. */
    private static void beside(DatabaseAccess access, String... statements) throws SQLException {
        String other = name(access).equals("postgres") ? "template1" : "postgres";
        String url = access.url().substring(0, access.url().lastIndexOf('/') + 1) + other;
        try (Connection connection = of(new DatabaseAccess(url, access.user(), access.password()))
                        .getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String freshName() {
        String name = "ledger_" + COUNT.incrementAndGet();
        create(name, Template.NAME);
        return name;
    }

    private static String emptyName() {
        String name = "empty_" + COUNT.incrementAndGet();
        create(name, "template1");
        return name;
    }

    private static synchronized void create(String name, String template) {
        try (Connection connection = dataSource("postgres").getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name + " template " + template + " strategy file_copy");
        } catch (SQLException e) {
            throw new IllegalStateException("can't create the test database " + name, e);
        }
    }

    private static DataSource dataSource(String database) {
        return of(access(database));
    }

    /** A data source, not pooled, of a database that one has the access of. */
    public static DataSource of(DatabaseAccess access) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(access.url());
        dataSource.setUser(access.user());
        dataSource.setPassword(access.password());
        return dataSource;
    }

    private static DatabaseAccess access(String database) {
        String url = Server.ACCESS.url();
        return new DatabaseAccess(
                url.substring(0, url.lastIndexOf('/') + 1) + database, Server.ACCESS.user(), Server.ACCESS.password());
    }
}
