package org.caravan.hub.connector.check;

import java.nio.file.Path;
import javax.sql.DataSource;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.hub.db.EmbeddedPostgres;
import org.caravan.hub.db.HubDatabase;
import org.caravan.ledger.LedgerSchema;

/** A ledger for one run, in a server of its own: no test invoice ever gets into a ledger that is kept. */
public final class ThrowAwayLedger implements AutoCloseable {
    private static final int CONNECTIONS = 4;

    private final EmbeddedPostgres postgres;
    private HubDatabase database;

    private ThrowAwayLedger(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    /** Starts it; takes a few seconds. */
    public static ThrowAwayLedger start(HubConfig config) {
        ThrowAwayLedger ledger = new ThrowAwayLedger(EmbeddedPostgres.throwAway(
                config.find(Settings.DATABASE_TEMP).orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir"))),
                config.find(Settings.DATABASE_CACHE).orElseGet(EmbeddedPostgres::defaultCache)));
        try {
            ledger.database = HubDatabase.open(ledger.postgres.start(), CONNECTIONS);
            LedgerSchema.migrate(ledger.dataSource());
            return ledger;
        } catch (RuntimeException | Error e) {
            ledger.close();
            throw e;
        }
    }

    /** With the ledger's schema and nothing in it. */
    public DataSource dataSource() {
        return database.dataSource();
    }

    @Override
    public void close() {
        if (database != null) {
            database.close();
        }
        postgres.close();
    }
}
