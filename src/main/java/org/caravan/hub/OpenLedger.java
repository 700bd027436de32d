package org.caravan.hub;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.hub.db.EmbeddedPostgres;
import org.caravan.hub.db.HubDatabase;
import org.caravan.ledger.LedgerSchema;
import org.caravan.ledger.UnfinishedRestore;

/**
 * An existing ledger, opened for a command: the external one, the one of a hub that runs, or else the kept one with its
 * server started for as long as the command needs it. A command within a hub uses what that has open.
 */
public final class OpenLedger implements AutoCloseable {
    private static final int CONNECTIONS = 4;

    private final EmbeddedPostgres started;
    private final HubDatabase pool;
    private final DataSource dataSource;
    private final Long holder;

    private OpenLedger(EmbeddedPostgres started, HubDatabase pool) {
        this(started, pool, null);
    }

    private OpenLedger(EmbeddedPostgres started, HubDatabase pool, Long holder) {
        this.started = started;
        this.pool = pool;
        this.dataSource = pool.dataSource();
        this.holder = holder;
    }

    /** Within the hub that has it open, which also closes it. */
    private OpenLedger(DataSource opened) {
        this.started = null;
        this.pool = null;
        this.dataSource = opened;
        this.holder = ProcessHandle.current().pid();
    }

    /** @throws UserError if no ledger is named, there is none, or it can't be reached */
    public static OpenLedger open(HubConfig config) {
        if (config.opened().isPresent()) {
            return new OpenLedger(config.opened().get());
        }
        if (config.find(Settings.LEDGER_URL).isPresent()) {
            return migrated(new OpenLedger(null, HubDatabase.open(LedgerDatabase.external(config), CONNECTIONS)));
        }
        Path data = config.find(Settings.DATA)
                .orElseThrow(() -> new UserError("which ledger? name its data directory with --data DIR"));
        if (!Paths.isLedger(data)) {
            throw new UserError("data directory " + data + ": no ledger is there; name its directory with --data DIR");
        }
        EmbeddedPostgres postgres = EmbeddedPostgres.kept(
                data, config.find(Settings.DATABASE_CACHE).orElseGet(EmbeddedPostgres::defaultCache));
        DatabaseAccess access;
        try {
            access = postgres.start();
        } catch (UserError inUse) {
            postgres.close();
            // A hub holds the directory: its server serves us, too.
            DatabaseAccess running = EmbeddedPostgres.running(data).orElseThrow(() -> inUse);
            OpenLedger beside = new OpenLedger(
                    null,
                    HubDatabase.open(running, CONNECTIONS),
                    EmbeddedPostgres.holder(data).orElse(null));
            try {
                UnfinishedRestore.refuse(beside.dataSource());
                LedgerSchema.needCurrent(beside.dataSource());
                return beside;
            } catch (RuntimeException e) {
                beside.close();
                throw e;
            }
        }
        return migrated(new OpenLedger(postgres, HubDatabase.open(access, CONNECTIONS)));
    }

    /** Whether the configuration names a ledger that is there, as far as can be told without opening it. */
    public static boolean isThere(HubConfig config) {
        return config.opened().isPresent()
                || config.find(Settings.LEDGER_URL).isPresent()
                || config.find(Settings.DATA).filter(Paths::isLedger).isPresent();
    }

    /**
     * The place that a ledger is to be restored into: nothing in it is looked at or changed, a new data directory is
     * marked as half restored until {@link #restored()}.
     *
     * @throws UserError if no place is named, it is in use, or holds other things
     */
    public static OpenLedger forRestore(HubConfig config) {
        if (config.find(Settings.LEDGER_URL).isPresent()) {
            return new OpenLedger(null, HubDatabase.open(LedgerDatabase.external(config), CONNECTIONS));
        }
        Path data = config.find(Settings.DATA)
                .orElseThrow(() -> new UserError("restore where? name a new data directory with --data DIR"));
        Paths.dataDirectory(data);
        EmbeddedPostgres postgres = EmbeddedPostgres.restoring(
                data, config.find(Settings.DATABASE_CACHE).orElseGet(EmbeddedPostgres::defaultCache));
        try {
            return new OpenLedger(postgres, HubDatabase.open(postgres.start(), CONNECTIONS));
        } catch (RuntimeException e) {
            postgres.close();
            throw e;
        }
    }

    /** From here on the database itself says that it is half restored. */
    public void restored() throws IOException {
        if (started != null) {
            started.restored();
        }
    }

    /** Lets {@link #close()} remove a data directory that this very command began. */
    public void takeBack() {
        if (started != null) {
            started.takeBack();
        }
    }

    /** A ledger that an older hub left behind is brought to the schema first; a running hub has done it. */
    private static OpenLedger migrated(OpenLedger opened) {
        try {
            LedgerSchema.migrate(opened.dataSource());
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** True if no hub can be at work in it: whatever is leased there was leased by one that is gone. */
    public boolean isOursAlone() {
        return started != null;
    }

    public DataSource dataSource() {
        return dataSource;
    }

    /**
     * Who else is at work in this ledger, by process id: the one that holds the data directory, or, at a server of your own,
     * whoever is connected to it by Caravan's name, with its address. Empty if nobody is.
     */
    public List<String> others() throws SQLException {
        if (holder != null) {
            return List.of(holder.toString());
        }
        if (started != null) {
            return List.of();
        }
        String sql =
                """
                select distinct concat_ws(' at ', substr(application_name, 9), host(client_addr)) from pg_stat_activity
                 where datname = current_database() and application_name ~ '^caravan-[0-9]+$'
                   and application_name <> current_setting('application_name')
                 order by 1
                """;
        List<String> others = new ArrayList<>();
        try (Connection connection = dataSource().getConnection();
                Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(sql)) {
            while (row.next()) {
                others.add(row.getString(1));
            }
        }
        return others;
    }

    @Override
    public void close() {
        if (pool != null) {
            pool.close();
        }
        if (started != null) {
            started.close();
        }
    }
}
