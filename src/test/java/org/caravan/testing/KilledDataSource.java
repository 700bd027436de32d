package org.caravan.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A data source whose user is killed at a chosen step: its connection is gone, and nothing more is done. */
public final class KilledDataSource {
    private static final Set<String> STEPS = Set.of("prepareStatement", "createStatement", "commit", "rollback");

    private KilledDataSource() {}

    /**
     * @param real what is killed within
     * @param left steps until then, counted over all its connections: a statement begun, or a commit; a commit counts twice, once
     *     before and once after it. Not above 0 once the user is dead
     */
    public static DataSource of(DataSource real, AtomicInteger left) {
        return (DataSource) Proxy.newProxyInstance(
                KilledDataSource.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> {
                    if (!method.getName().equals("getConnection")) {
                        return method.invoke(real, arguments);
                    }
                    return connection(real.getConnection(), left);
                });
    }

    private static Connection connection(Connection real, AtomicInteger left) {
        return (Connection) Proxy.newProxyInstance(
                KilledDataSource.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    if (STEPS.contains(method.getName())) {
                        step(real, left);
                    }
                    Object result;
                    try {
                        result = method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (method.getName().equals("commit")) {
                        step(real, left);
                    }
                    return result;
                });
    }

    private static void step(Connection real, AtomicInteger left) throws SQLException {
        if (left.decrementAndGet() <= 0) {
            real.close();
            throw new IllegalStateException("killed");
        }
    }
}
