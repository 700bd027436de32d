package org.caravan.hub.db;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a server of ours again that ended without being told to: killed, out of memory, a full disk. It answers on the
 * same port, so that the pool finds it; what was committed is there.
 */
public final class PostgresKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresKeeper.class);
    private static final Duration FIRST_WAIT = Duration.ofMillis(200);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final EmbeddedPostgres postgres;
    private final Thread thread = new Thread(this::watch, "caravan-postgres-keeper");
    private volatile boolean closed;

    private PostgresKeeper(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    /** Begins to watch a started server; close it before the server. */
    public static PostgresKeeper keep(EmbeddedPostgres postgres) {
        PostgresKeeper keeper = new PostgresKeeper(postgres);
        keeper.thread.setDaemon(true);
        keeper.thread.start();
        return keeper;
    }

    private void watch() {
        try {
            while (!closed) {
                postgres.awaitEnd();
                if (!closed) {
                    LOG.warn(
                            "PostgreSQL in {} ended by itself; starting it again, see {}",
                            postgres.data(),
                            postgres.log());
                    startAgain();
                }
            }
        } catch (InterruptedException e) {
            // closed
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private void startAgain() throws InterruptedException {
        Duration wait = FIRST_WAIT;
        while (!closed) {
            try {
                postgres.restart();
                LOG.info("PostgreSQL in {} answers again", postgres.data());
                return;
            } catch (RuntimeException e) {
                if (!closed) {
                    LOG.error("{}; next try in {} ms", e.getMessage(), wait.toMillis());
                }
            }
            Thread.sleep(wait.toMillis());
            wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
