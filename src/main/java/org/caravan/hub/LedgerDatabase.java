package org.caravan.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.hub.db.EmbeddedPostgres;
import org.caravan.hub.db.HubDatabase;
import org.caravan.hub.db.LazyDataSource;
import org.caravan.ledger.LedgerSchema;

/**
 * The ledger's database as the configuration names it, brought to the schema: an external one, a kept one, or one that
 * is thrown away.
 *
 * <p>It starts on a thread of its own, for it takes as long as the routes do.
 */
final class LedgerDatabase {
    private final CompletableFuture<LedgerSchema.Identity> identity;
    private final DataSource dataSource;

    private LedgerDatabase(CompletableFuture<LedgerSchema.Identity> identity, DataSource dataSource) {
        this.identity = identity;
        this.dataSource = dataSource;
    }

    /**
     * Begins to start it.
     *
     * @param currency the currency that the ledger must rate in
     * @param teardown where what is started is put
     */
    static LedgerDatabase start(HubConfig config, String currency, Teardown teardown) {
        boolean proforma = isProforma(config);
        EmbeddedPostgres embedded =
                config.find(Settings.LEDGER_URL).isPresent() ? null : teardown.add(embedded(config, proforma));
        CompletableFuture<DataSource> pool = new CompletableFuture<>();
        CompletableFuture<LedgerSchema.Identity> identity = new CompletableFuture<>();
        Thread starter = new Thread(
                () -> {
                    try {
                        DatabaseAccess access = embedded != null ? embedded.start() : external(config);
                        HubDatabase database =
                                teardown.add(HubDatabase.open(access, config.integer(Settings.LEDGER_CONNECTIONS)));
                        LedgerSchema.migrate(database.dataSource());
                        identity.complete(LedgerSchema.identify(
                                database.dataSource(),
                                config.find(Settings.ISSUER).orElse(null),
                                currency,
                                proforma));
                        pool.complete(database.dataSource());
                    } catch (Throwable e) {
                        // Whoever waits for the database learns why there is none.
                        identity.completeExceptionally(e);
                        pool.completeExceptionally(e);
                    }
                },
                "caravan-database-start");
        starter.setDaemon(true);
        starter.start();
        return new LedgerDatabase(identity, new LazyDataSource(pool));
    }

    /** True if the ledger of this configuration is thrown away at the end. */
    static boolean isProforma(HubConfig config) {
        return config.find(Settings.DATA).isEmpty()
                && config.find(Settings.LEDGER_URL).isEmpty();
    }

    /** Waits for the database where it is not ready yet. */
    DataSource dataSource() {
        return dataSource;
    }

    /** What the ledger was begun with; waits until that is known. */
    LedgerSchema.Identity identity() {
        try {
            return identity.join();
        } catch (java.util.concurrent.CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static EmbeddedPostgres embedded(HubConfig config, boolean proforma) {
        Path cache = config.find(Settings.DATABASE_CACHE).orElseGet(EmbeddedPostgres::defaultCache);
        if (!proforma) {
            return EmbeddedPostgres.kept(config.get(Settings.DATA), cache);
        }
        return EmbeddedPostgres.throwAway(
                config.find(Settings.DATABASE_TEMP).orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir"))),
                cache);
    }

    private static DatabaseAccess external(HubConfig config) {
        String url = config.get(Settings.LEDGER_URL);
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new UserError(config.where(Settings.LEDGER_URL.key())
                    + "expected a JDBC URL of PostgreSQL such as jdbc:postgresql://db.example:5432/caravan");
        }
        return new DatabaseAccess(url, config.get(Settings.LEDGER_USER), password(config));
    }

    private static String password(HubConfig config) {
        return config.find(Settings.LEDGER_PASSWORD)
                .or(() -> config.find(Settings.LEDGER_PASSWORD_FILE).map(file -> {
                    try {
                        return Files.readString(file).strip();
                    } catch (IOException e) {
                        throw new UserError(
                                config.where(Settings.LEDGER_PASSWORD_FILE.key()) + file + " can't be read", e);
                    }
                }))
                .orElse("");
    }
}
