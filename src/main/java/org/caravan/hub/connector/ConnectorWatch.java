package org.caravan.hub.connector;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.management.Secrets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks every second whether somebody ordered a connector to be applied, in a thread of its own. */
public final class ConnectorWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectorWatch.class);
    private static final long PERIOD_MILLIS = 1_000;
    private static final long END_MILLIS = 10_000;

    private final ConnectorOrders orders;
    private final LiveConnectors connectors;
    private final Supplier<HubConfig> config;
    private final String hub = name();
    private final Thread thread = new Thread(this::run, "caravan-connectors");
    private volatile boolean ending;
    private long last;

    /**
     * @param config reads the configuration as it is said now
     */
    public ConnectorWatch(ConnectorOrders orders, LiveConnectors connectors, Supplier<HubConfig> config) {
        this.orders = orders;
        this.connectors = connectors;
        this.config = config;
    }

    /** Begins; orders given before are no news, as the hub has read the files just now. */
    public ConnectorWatch start() throws SQLException {
        last = orders.last();
        orders.gone(hub);
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    private void run() {
        boolean away = false;
        while (!ending) {
            try {
                for (ConnectorOrders.Order order : orders.after(last, hub)) {
                    carryOut(order);
                    last = order.id();
                }
                away = false;
            } catch (SQLException e) {
                if (!away) {
                    LOG.warn("Orders for connectors can't be read (SQL state {}); trying again", e.getSQLState());
                }
                away = true;
            } catch (InterruptedException e) {
                return;
            }
            try {
                Thread.sleep(PERIOD_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void carryOut(ConnectorOrders.Order order) throws SQLException, InterruptedException {
        Secrets secrets = new Secrets(List.of());
        try {
            HubConfig now = config.get();
            secrets = new Secrets(now.secrets());
            List<String> warnings = connectors.apply(now, order.kamelet(), order.digest());
            String message = warnings.isEmpty() ? null : secrets.mask(String.join("; ", warnings));
            LOG.info("Connector {} is applied{}", order.kamelet(), message == null ? "" : ": " + message);
            orders.answer(order, hub, true, message);
        } catch (UserError e) {
            String message = secrets.mask(e.getMessage());
            LOG.error("Connector {} is refused, the hub goes on with what it had: {}", order.kamelet(), message);
            orders.answer(order, hub, false, message);
        } catch (RuntimeException e) {
            String message = "can't be applied: " + secrets.mask(KameletFault.reason(e));
            LOG.error("Connector {} {}", order.kamelet(), message);
            orders.answer(order, hub, false, message);
        }
    }

    private static String name() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "localhost";
        }
        return ProcessHandle.current().pid() + "@" + host;
    }

    @Override
    public void close() throws InterruptedException {
        ending = true;
        thread.interrupt();
        thread.join(END_MILLIS);
        try {
            orders.gone(hub);
        } catch (SQLException e) {
            // it is forgotten by itself
        }
    }
}
