package org.caravan.invoice.erp.sql;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.caravan.common.UserError;

/**
 * The database that invoices go to: one connection for each, closed after it, so that a database which was away is found
 * again without further ado.
 */
public final class SqlDatabase implements DataSource {
    private static final Pattern TABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]{0,126}");
    private static final String POSTGRESQL = "jdbc:postgresql:";

    private String name;
    private String host;
    private String port;
    private String username;
    private String password;
    private String invoiceTable;
    private String lineTable;
    private boolean createTables;
    private int timeoutSeconds;
    private String url;

    /** A database of the PostgreSQL server at host and port, or any JDBC URL. */
    public void setName(String name) {
        this.name = name;
    }

    public void setHost(String host) {
        this.host = host;
    }

    public void setPort(String port) {
        this.port = port;
    }

    public void setUsername(String username) {
        this.username = username;
    }

    public void setPassword(String password) {
        this.password = password;
    }

    public void setInvoiceTable(String invoiceTable) {
        this.invoiceTable = invoiceTable;
    }

    public void setLineTable(String lineTable) {
        this.lineTable = lineTable;
    }

    /** Whether the tables are made where they are missing; in a PostgreSQL database only. */
    public void setCreateTables(boolean createTables) {
        this.createTables = createTables;
    }

    public void setTimeoutSeconds(int timeoutSeconds) {
        this.timeoutSeconds = timeoutSeconds;
    }

    /**
     * Takes the settings; called once, before the first exchange.
     *
     * @throws UserError if a setting is unfit
     * @throws SQLException if the tables can't be made
     */
    public void open() throws SQLException {
        for (String table : List.of(invoiceTable, lineTable)) {
            if (!TABLE.matcher(table).matches()) {
                throw new UserError("sql: '" + table + "' is no name of a table; use letters, digits, _ and .");
            }
        }
        url = name.startsWith("jdbc:") ? name : POSTGRESQL + "//" + host + ":" + port + "/" + name;
        if (createTables && url.startsWith(POSTGRESQL)) {
            try (Connection connection = getConnection();
                    Statement create = connection.createStatement()) {
                create.execute(tables());
            }
        }
    }

    private String tables() {
        return """
                -- two that make the tables at once would hinder each other
                select pg_advisory_xact_lock(hashtextextended('caravan tables', 0));
                create table if not exists %1$s (
                  invoice_key text primary key, number text not null, kind text not null, corrects text, account text not null,
                  customer text, month text not null, period_from timestamptz not null, period_to timestamptz not null,
                  currency text not null, subtotal numeric not null, discount numeric not null, tax numeric not null,
                  total numeric not null, lines integer not null, digest text not null, document text not null,
                  created_at timestamptz not null default clock_timestamp());
                create table if not exists %2$s (
                  invoice_key text not null references %1$s, line integer not null, datacenter text not null,
                  product text not null, label text, kind text not null, unit text not null, quantity numeric not null,
                  unit_price numeric, amount numeric not null, exact numeric not null, primary key (invoice_key, line));
                """
                .formatted(invoiceTable, lineTable);
    }

    @Override
    public Connection getConnection() throws SQLException {
        return getConnection(username, password);
    }

    @Override
    public Connection getConnection(String user, String secret) throws SQLException {
        Properties properties = new Properties();
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (secret != null) {
            properties.setProperty("password", secret);
        }
        if (url.startsWith(POSTGRESQL)) {
            String seconds = Integer.toString(timeoutSeconds);
            properties.setProperty("connectTimeout", seconds);
            properties.setProperty("loginTimeout", seconds);
            // a server that is gone without a word must not hold the delivery for ever
            properties.setProperty("socketTimeout", seconds);
            properties.setProperty("ApplicationName", "caravan-invoices");
        }
        return DriverManager.getConnection(url, properties);
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
        return timeoutSeconds;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
