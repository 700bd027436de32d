package org.caravan.hub.db;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** A data source that is still being started: who asks for a connection waits for it. */
public final class LazyDataSource implements DataSource {
    private final CompletableFuture<DataSource> started;

    public LazyDataSource(CompletableFuture<DataSource> started) {
        this.started = started;
    }

    private DataSource started() {
        try {
            return started.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        return started().getConnection();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return started().getConnection(user, password);
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return started().getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        started().setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        started().setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return started().getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("no java.util.logging here");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return started().unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return started().isWrapperFor(type);
    }
}
