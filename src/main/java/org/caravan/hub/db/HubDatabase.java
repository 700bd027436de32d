package org.caravan.hub.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import javax.sql.DataSource;

/** The pool of connections that all parts of the hub share. */
public final class HubDatabase implements AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(30);
    /** A connection found dead is replaced; one that hangs is given up after this. */
    private static final int SOCKET_TIMEOUT_SECONDS = 1800;

    private final HikariDataSource pool;

    private HubDatabase(HikariDataSource pool) {
        this.pool = pool;
    }

    /**
     * Opens the pool.
     *
     * @param connections most connections at a time
     */
    public static HubDatabase open(DatabaseAccess access, int connections) {
        return open(access, connections, CONNECT_LIMIT);
    }

    /**
     * As {@link #open(DatabaseAccess, int)}.
     *
     * @param wait longest wait for a connection
     */
    public static HubDatabase open(DatabaseAccess access, int connections, Duration wait) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("caravan");
        config.setJdbcUrl(access.url());
        config.setUsername(access.user());
        config.setPassword(access.password());
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(wait.toMillis());
        config.addDataSourceProperty(
                "ApplicationName", "caravan-" + ProcessHandle.current().pid());
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("socketTimeout", Integer.toString(SOCKET_TIMEOUT_SECONDS));
        // Rows stream in pages only where a statement asks for it; plans of short statements are kept.
        config.addDataSourceProperty("prepareThreshold", "3");
        return new HubDatabase(new HikariDataSource(config));
    }

    public DataSource dataSource() {
        return pool;
    }

    @Override
    public void close() {
        pool.close();
    }
}
