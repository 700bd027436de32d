package org.caravan.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.hub.db.DatabaseAccess;
import org.caravan.hub.db.EmbeddedPostgres;
import org.caravan.hub.db.HubDatabase;
import org.caravan.hub.db.LazyDataSource;
import org.caravan.hub.db.PostgresKeeper;
import org.caravan.ledger.LedgerSchema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger's database as the configuration names it, brought to the schema: an external one, a kept one, or one that
 * is thrown away.
 *
 * <p>It starts on a thread of its own, for it takes as long as the routes do.
 */
final class LedgerDatabase implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerDatabase.class);
    private static final String PROFORMA_ISSUER = "proforma";
    private static final long PAUSE_MILLIS = 200;

    private final HubConfig config;
    private final String currency;

    /** Longest wait for a server of somebody else's that is away. */
    private final Duration patience;

    private final EmbeddedPostgres embedded;
    private final CompletableFuture<LedgerSchema.Identity> identity = new CompletableFuture<>();
    private final CompletableFuture<DataSource> started = new CompletableFuture<>();
    private final DataSource dataSource = new LazyDataSource(started);
    private HubDatabase pool;
    private PostgresKeeper keeper;
    private boolean closed;

    private LedgerDatabase(HubConfig config, String currency, Duration patience) {
        this.config = config;
        this.currency = currency;
        this.patience = patience;
        this.embedded = config.find(Settings.LEDGER_URL).isPresent() ? null : embedded(config);
    }

    /**
     * Begins to start it; a server that does not answer is no ledger.
     *
     * @param currency the currency that the ledger must rate in; null = the one that it has
     */
    static LedgerDatabase start(HubConfig config, String currency) {
        return start(config, currency, Duration.ZERO);
    }

    /** As {@link #start(HubConfig, String)}, for a hub that stays: it may be started before its database is. */
    static LedgerDatabase startPatiently(HubConfig config, String currency) {
        return start(config, currency, config.get(Settings.LEDGER_CONNECTION_WAIT));
    }

    private static LedgerDatabase start(HubConfig config, String currency, Duration patience) {
        LedgerDatabase database = new LedgerDatabase(config, currency, patience);
        Thread starter = new Thread(database::open, "caravan-database-start");
        starter.setDaemon(true);
        starter.start();
        return database;
    }

    private void open() {
        try {
            DataSource opened = pool(embedded != null ? embedded.start() : external(config));
            LedgerSchema.migrate(opened);
            boolean proforma = isProforma(config);
            // A fixed issuer makes a repeated proforma the same in keys and file names; a kept ledger gets its own.
            String issuer = config.find(Settings.ISSUER).orElse(proforma ? PROFORMA_ISSUER : null);
            if (currency == null) {
                needCurrency(opened);
            }
            identity.complete(LedgerSchema.identify(opened, issuer, currency, proforma));
            started.complete(opened);
        } catch (RuntimeException | Error e) {
            // Whoever waits for the database learns why there is none.
            identity.completeExceptionally(e);
            started.completeExceptionally(e);
        }
    }

    /** Refuses, before anything is made, to begin a ledger whose currency nothing says. */
    static void checkCurrency(HubConfig config, String currency) {
        if (currency == null && !mayExist(config)) {
            throw noCurrency();
        }
    }

    /** False if the ledger of this configuration is certainly a new one. */
    static boolean mayExist(HubConfig config) {
        return config.find(Settings.LEDGER_URL).isPresent()
                || config.find(Settings.DATA).filter(Paths::isLedger).isPresent();
    }

    private static void needCurrency(DataSource opened) {
        LedgerSchema.Identity known = LedgerSchema.find(opened);
        if (known == null || known.currency() == null) {
            throw noCurrency();
        }
    }

    private static UserError noCurrency() {
        return new UserError(
                "a new ledger needs its currency: name a tariff file with caravan.tariff, or set caravan.currency");
    }

    private DataSource pool(DatabaseAccess access) {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean told = false;
        while (true) {
            try {
                return tryPool(access);
            } catch (UserError e) {
                if (!isAway(e) || System.nanoTime() > deadline) {
                    throw e;
                }
                if (!told) {
                    LOG.warn("{}; trying again for {} s", e.getMessage(), patience.toSeconds());
                    told = true;
                }
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UserError(1, "interrupted while the database was starting", e);
            }
        }
    }

    /** True for what ends by itself: no server there, or one that is starting or ending. */
    private static boolean isAway(Throwable failure) {
        for (Throwable one = failure; one != null; one = one.getCause()) {
            if (one instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState().matches("08...|57P0[123]");
            }
        }
        return false;
    }

    private synchronized DataSource tryPool(DatabaseAccess access) {
        if (closed) {
            throw new UserError(1, "stopped while the database was starting", null);
        }
        try {
            pool = HubDatabase.open(
                    access, config.integer(Settings.LEDGER_CONNECTIONS), config.get(Settings.LEDGER_CONNECTION_WAIT));
        } catch (RuntimeException e) {
            Throwable reason = e;
            while (reason.getCause() != null) {
                reason = reason.getCause();
            }
            throw new UserError(
                    1,
                    "can't connect to " + access.url().replaceFirst("[?].*", "") + " as " + access.user() + ": "
                            + reason.getMessage() + "; check caravan.ledger.url, .user and .password",
                    e);
        }
        return pool.dataSource();
    }

    /** From here on a server of our own that ends by itself, or is killed, is started again. */
    synchronized void keepRunning() {
        if (embedded != null && !closed) {
            keeper = PostgresKeeper.keep(embedded);
        }
    }

    /** Closes the pool, then stops the server. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (keeper != null) {
                keeper.close();
            }
            if (pool != null) {
                pool.close();
            }
        }
        if (embedded != null) {
            embedded.close();
        }
    }

    /** True if the ledger of this configuration is thrown away at the end. */
    static boolean isProforma(HubConfig config) {
        return config.find(Settings.DATA).isEmpty()
                && config.find(Settings.LEDGER_URL).isEmpty();
    }

    /** True if no other hub can be at work in it: whatever is leased there was leased by one that is gone. */
    boolean isOursAlone() {
        return embedded != null;
    }

    /** Waits for the database where it is not ready yet. */
    DataSource dataSource() {
        return dataSource;
    }

    /** What the ledger was begun with; waits until that is known. */
    LedgerSchema.Identity identity() {
        try {
            return identity.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Lets {@link #close()} remove a ledger that this run began; for a wrong input found late. */
    void takeBack() {
        if (embedded != null) {
            embedded.takeBack();
        }
    }

    private static EmbeddedPostgres embedded(HubConfig config) {
        Path cache = config.find(Settings.DATABASE_CACHE).orElseGet(EmbeddedPostgres::defaultCache);
        if (!isProforma(config)) {
            return EmbeddedPostgres.kept(config.get(Settings.DATA), cache);
        }
        return EmbeddedPostgres.throwAway(
                config.find(Settings.DATABASE_TEMP).orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir"))),
                cache);
    }

    static DatabaseAccess external(HubConfig config) {
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
