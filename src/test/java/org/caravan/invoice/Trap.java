package org.caravan.invoice;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/** A data source over the real one where something happens at a chosen step, of the issue transaction or anywhere. */
final class Trap implements DataSource {
    private final DataSource real;
    private final AtomicInteger springs;
    private final String step;
    private final boolean after;
    private final Action action;
    private final boolean anywhere;

    /** What happens. */
    interface Action {
        void run(Connection connection) throws SQLException;
    }

    /**
     * @param step what a statement's text contains, or {@code commit}
     * @param after true if the step is done first
     * @param times how often it happens
     */
    Trap(DataSource real, String step, boolean after, int times, Action action) {
        this(real, step, after, times, action, false);
    }

    private Trap(DataSource real, String step, boolean after, int times, Action action, boolean anywhere) {
        this.anywhere = anywhere;
        this.real = real;
        this.step = step;
        this.after = after;
        this.springs = new AtomicInteger(times);
        this.action = action;
    }

    /** Springs once, before the first statement with this text, whatever transaction it is in. */
    static Trap anywhere(DataSource real, String step, Action action) {
        return new Trap(real, step, false, 1, action, true);
    }

    /** Kills the server's session of the connection, as a crash of either side would. */
    static Action killing(DataSource real) {
        return connection -> {
            int pid = connection.unwrap(PGConnection.class).getBackendPID();
            try (Connection other = real.getConnection();
                    var statement = other.createStatement()) {
                statement.execute("select pg_terminate_backend(" + pid + ", 10000)");
            }
        };
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = real.getConnection();
        AtomicBoolean issuing = new AtomicBoolean(anywhere);
        return (Connection) Proxy.newProxyInstance(
                Trap.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")
                            && ((String) arguments[0]).contains("for no key update")) {
                        issuing.set(true);
                    }
                    boolean here = issuing.get() && matches(method, arguments);
                    boolean springs = here && this.springs.getAndUpdate(n -> n > 0 ? n - 1 : 0) > 0;
                    if (springs && !after) {
                        action.run(connection);
                    }
                    Object result;
                    try {
                        result = method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (springs && after) {
                        action.run(connection);
                        throw new SQLException("the answer is lost", "08006");
                    }
                    return result;
                });
    }

    private boolean matches(Method method, Object[] arguments) {
        return method.getName().equals(step)
                || method.getName().equals("prepareStatement") && ((String) arguments[0]).contains(step);
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return real.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return real.isWrapperFor(type);
    }
}
