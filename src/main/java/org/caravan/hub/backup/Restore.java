package org.caravan.hub.backup;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.invoice.Audit;
import org.caravan.ledger.LedgerSchema;
import org.caravan.ledger.UnfinishedRestore;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * Puts a ledger back into an empty database.
 *
 * <p>The database is marked as half restored first. Then come the schema as it was, all tables in one transaction, the
 * schema as it is today, and last, in one transaction, the row that says that this ledger has to be recovered and the end
 * of the mark. A restore that was killed begins again: what it left behind is removed under the mark.
 */
public final class Restore {
    /** Only one restore may be at work in a database: any number nobody else uses. */
    private static final long LOCK = 0x43617261_76616e02L;

    private final DataSource dataSource;
    private final Clock clock;
    private final BackupListener listener;
    private final BackupArchive archive;
    private final BackupManifest manifest;

    public Restore(DataSource dataSource, BackupArchive archive, Clock clock, BackupListener listener) {
        this.dataSource = dataSource;
        this.archive = archive;
        this.manifest = archive.manifest();
        this.clock = clock;
        this.listener = listener;
    }

    /**
     * What was put back.
     *
     * @param backup what the file held
     * @param schema version of the schema now
     * @param checks the audit of the restored ledger; its findings were in the backup, too
     */
    public record Result(BackupSummary backup, int schema, List<Audit.Check> checks) {}

    private interface Body {
        void run(Connection connection) throws SQLException, IOException;
    }

    /**
     * Restores.
     *
     * @param begun told once the database is marked
     * @throws UserError if the database is not empty, or the file can't be restored; a database that was begun stays marked
     */
    public Result run(Begun begun) throws IOException, SQLException {
        try (Connection guard = dataSource.getConnection()) {
            lock(guard);
            try {
                return locked(begun);
            } finally {
                unlock(guard);
            }
        }
    }

    private Result locked(Begun begun) throws IOException, SQLException {
        int newest = LedgerSchema.newest(dataSource);
        if (manifest.schema() > newest) {
            throw new UserError("the backup has schema version " + manifest.schema() + ", this Caravan knows " + newest
                    + "; restore it with the Caravan that made it, or a newer one");
        }
        transaction(this::mark);
        begun.marked();
        listener.step("making tables");
        LedgerSchema.migrate(dataSource, Integer.toString(manifest.schema()));
        transaction(this::load);
        if (manifest.schema() < newest) {
            listener.step("bringing it to today's schema");
            LedgerSchema.migrate(dataSource, "latest");
        }
        listener.step("auditing");
        List<Audit.Check> checks = Audit.run(dataSource);
        BackupSummary summary = archive.summary();
        transaction(connection -> finish(connection, summary));
        return new Result(summary, newest, checks);
    }

    /** Told when the database itself says that it is half restored. */
    public interface Begun {
        void marked() throws IOException;
    }

    private static void lock(Connection guard) throws SQLException {
        try (Statement statement = guard.createStatement();
                ResultSet row = statement.executeQuery("select pg_try_advisory_lock(" + LOCK + ")")) {
            row.next();
            if (!row.getBoolean(1)) {
                throw new UserError(1, "another restore is at work in this database; wait until it has ended", null);
            }
        }
    }

    /** A pooled connection would keep it. */
    private static void unlock(Connection guard) throws SQLException {
        if (!guard.isClosed()) {
            try (Statement statement = guard.createStatement()) {
                statement.execute("select pg_advisory_unlock(" + LOCK + ")");
            }
        }
    }

    private void mark(Connection connection) throws SQLException {
        Catalogue catalogue = new Catalogue(connection);
        if (UnfinishedRestore.isMarked(dataSource)) {
            catalogue.dropAll();
        } else if (!catalogue.isEmpty()) {
            throw new UserError(
                    "a ledger or something else is there already; restore into a new data directory or an empty"
                            + " database, nothing is ever overwritten");
        } else {
            try (Statement statement = connection.createStatement()) {
                statement.execute("create table " + UnfinishedRestore.TABLE + " (begun_at timestamptz not null)");
            }
        }
    }

    // ---- tables --------------------------------------------------------------------------------------------------

    private void load(Connection connection) throws SQLException, IOException {
        Map<String, BackupManifest.Table> tables = new LinkedHashMap<>();
        manifest.tables().forEach(table -> tables.put(table.name(), table));
        Catalogue catalogue = new Catalogue(connection);
        compare(catalogue, tables);
        try (Statement statement = connection.createStatement()) {
            statement.execute(Backup.TEXT_FORM);
            // what triggers keep up to date is in the backup
            for (String table : catalogue.triggered()) {
                statement.execute("alter table " + Catalogue.quoted(table) + " disable trigger user");
            }
            // what migrations put there is in the backup, as it was at its time
            statement.execute("truncate "
                    + tables.keySet().stream().map(Catalogue::quoted).collect(Collectors.joining(", ")));
            for (BackupManifest.Table table : tables.values()) {
                for (BackupManifest.Partition partition : table.partitions()) {
                    statement.execute("create table " + Catalogue.quoted(partition.name()) + " partition of "
                            + Catalogue.quoted(table.name()) + " for values in ('" + partition.value() + "')");
                }
            }
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (state.startsWith("22") || state.startsWith("42")) {
                throw misfit("partitions", e);
            }
            throw e;
        }
        CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
        for (String name : catalogue.inOrder(tables.keySet())) {
            listener.step("restoring " + name);
            load(copy, tables.get(name));
        }
        for (BackupManifest.Table table : tables.values()) {
            count(connection, table);
        }
        try (Statement statement = connection.createStatement()) {
            for (String table : catalogue.triggered()) {
                statement.execute("alter table " + Catalogue.quoted(table) + " enable trigger user");
            }
            statement.execute(
                    "analyze " + tables.keySet().stream().map(Catalogue::quoted).collect(Collectors.joining(", ")));
        }
        try (PreparedStatement set = connection.prepareStatement("select setval(?::regclass, ?, ?)")) {
            for (BackupManifest.Sequence sequence : manifest.sequences()) {
                set.setString(1, Catalogue.quoted(sequence.name()));
                set.setLong(2, sequence.last());
                set.setBoolean(3, sequence.called());
                set.execute();
            }
        }
    }

    /** The backup must name the very tables, columns and sequences that the schema of its version has. */
    private void compare(Catalogue catalogue, Map<String, BackupManifest.Table> tables) throws SQLException {
        Map<String, BackupManifest.Layout> here = catalogue.tables();
        if (!here.keySet().equals(tables.keySet())) {
            TreeSet<String> differing = new TreeSet<>(here.keySet());
            tables.keySet().forEach(name -> {
                if (!differing.remove(name)) {
                    differing.add(name);
                }
            });
            throw misfit("tables " + differing, null);
        }
        for (BackupManifest.Table table : tables.values()) {
            if (!new TreeSet<>(table.columns())
                            .equals(new TreeSet<>(here.get(table.name()).columns()))
                    || table.columns().size()
                            != here.get(table.name()).columns().size()) {
                throw misfit("columns of table " + table.name(), null);
            }
        }
        List<String> sequences =
                manifest.sequences().stream().map(BackupManifest.Sequence::name).toList();
        if (!new TreeSet<>(sequences).equals(new TreeSet<>(catalogue.sequenceNames()))) {
            throw misfit("sequences", null);
        }
    }

    private UserError misfit(String of, SQLException cause) {
        return new UserError(
                "the backup does not fit schema version " + manifest.schema() + ", which it says it has: other " + of
                        + "; it was changed, or its database held tables that are not Caravan's",
                cause);
    }

    private void load(CopyManager copy, BackupManifest.Table table) throws IOException, SQLException {
        try (BackupArchive.Checked in = archive.open(table)) {
            copy.copyIn(
                    "copy " + Catalogue.quoted(table.name()) + " (" + Backup.columns(table.columns())
                            + ") from stdin (format text, encoding 'UTF8')",
                    in);
            in.check();
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (state.startsWith("22") || state.startsWith("23")) {
                throw archive.damaged(table, e);
            }
            throw e;
        } catch (IOException e) {
            throw archive.damaged(table, e);
        }
    }

    private void count(Connection connection, BackupManifest.Table table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from " + Catalogue.quoted(table.name()))) {
            row.next();
            if (row.getLong(1) != table.rows()) {
                throw archive.damaged(table, null);
            }
        }
    }

    // ---- end -----------------------------------------------------------------------------------------------------

    private void finish(Connection connection, BackupSummary summary) throws SQLException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        try (PreparedStatement insert = connection.prepareStatement(
                        "insert into restored (at, backup_taken_at, file_digest) values (?, ?, ?)");
                Statement statement = connection.createStatement()) {
            insert.setObject(1, now.atOffset(ZoneOffset.UTC));
            insert.setObject(2, summary.takenAt().atOffset(ZoneOffset.UTC));
            insert.setBytes(3, HexFormat.of().parseHex(summary.fileDigest()));
            insert.executeUpdate();
            statement.execute("drop table " + UnfinishedRestore.TABLE);
        }
    }

    private void transaction(Body body) throws SQLException, IOException {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            boolean done = false;
            try {
                body.run(connection);
                connection.commit();
                done = true;
            } finally {
                if (!connection.isClosed()) {
                    if (!done) {
                        connection.rollback();
                    }
                    connection.setAutoCommit(autoCommit);
                }
            }
        }
    }
}
