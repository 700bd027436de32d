package org.caravan.testing;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import javax.sql.DataSource;

/**
 * A data source whose process "dies" at the n-th thing that it asks the database, before or after it was done: from there on
 * every call fails, and whatever was not committed is gone.
 */
public final class CrashPoint {
    private static final Set<String> STEPS = Set.of("prepareStatement", "createStatement", "commit", "unwrap");

    private final DataSource real;
    private final boolean after;
    private int left;
    private boolean dead;

    /**
     * @param step number of the call that is the last, from 0
     * @param after true if that call is done
     */
    public CrashPoint(DataSource real, int step, boolean after) {
        this.real = real;
        this.left = step;
        this.after = after;
    }

    /** True if the process came as far as the step. */
    public synchronized boolean isDead() {
        return dead;
    }

    public DataSource dataSource() {
        return proxy(DataSource.class, (self, method, arguments) -> {
            if (!method.getName().equals("getConnection")) {
                return call(method.getName(), () -> method.invoke(real, arguments));
            }
            check();
            return connection(real.getConnection());
        });
    }

    private Connection connection(Connection connection) {
        return proxy(Connection.class, (self, method, arguments) -> {
            if (!STEPS.contains(method.getName())) {
                return call(method.getName(), () -> method.invoke(connection, arguments));
            }
            check();
            boolean here = isHere();
            if (here && !after) {
                die(connection);
            }
            Object result = call(method.getName(), () -> method.invoke(connection, arguments));
            if (here) {
                die(connection);
            }
            return result;
        });
    }

    private synchronized boolean isHere() {
        return left-- == 0;
    }

    private synchronized void check() throws SQLException {
        if (dead) {
            throw new SQLException("this process is dead", "XX000");
        }
    }

    private void die(Connection connection) throws SQLException {
        synchronized (this) {
            dead = true;
        }
        if (!connection.getAutoCommit()) {
            connection.rollback();
        }
        connection.close();
        check();
    }

    private interface Call {
        Object run() throws ReflectiveOperationException;
    }

    private static Object call(String name, Call call) throws Throwable {
        try {
            return call.run();
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(CrashPoint.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
