package org.caravan.hub;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Setting;
import org.caravan.hub.config.Settings;
import org.caravan.hub.config.SqlOptions;
import org.caravan.hub.sql.SqlQuery;
import org.caravan.hub.sql.SqlRows;
import org.caravan.hub.sql.SqlSettings;
import org.caravan.hub.sql.SqlSource;
import org.caravan.ledger.Sources;
import org.caravan.ledger.SqlWatermarks;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** The table of another database that the configuration names, as a part of a running hub. */
final class SqlTable implements AutoCloseable {
    private static final int CONNECTIONS = 2;

    private final HikariDataSource database;

    private SqlTable(HikariDataSource database) {
        this.database = database;
    }

    /** @throws UserError if a table is named half, or what is said of it makes no sense */
    static void check(HubConfig config) {
        if (config.find(SqlOptions.URL).isEmpty()) {
            for (Setting<?> setting : List.of(SqlOptions.TABLE, SqlOptions.COLUMNS, SqlOptions.WATERMARK)) {
                if (config.find(setting).isPresent()) {
                    throw new UserError(
                            config.where(setting.key()) + "is set, but not caravan.sql.url; set both, or none");
                }
            }
            return;
        }
        settings(config);
        String name = config.get(SqlOptions.SOURCE);
        for (Setting<String> other : List.of(Settings.INBOX_SOURCE, Settings.KAFKA_SOURCE)) {
            if (name.equals(config.get(other))) {
                throw new UserError(config.where(SqlOptions.SOURCE.key()) + name + " is " + other.key()
                        + ", too; each source needs a name of its own");
            }
        }
    }

    static SqlSettings settings(HubConfig config) {
        return new SqlSettings(
                config.get(SqlOptions.SOURCE),
                query(config),
                config.integer(SqlOptions.PAGE_ROWS),
                config.get(SqlOptions.DELAY),
                config.get(SqlOptions.OVERLAP),
                config.get(SqlOptions.START),
                zone(config),
                config.get(SqlOptions.RETRY),
                config.get(Settings.CLOSE_GRACE));
    }

    private static SqlQuery query(HubConfig config) {
        String columns = sql(config, SqlOptions.COLUMNS);
        try {
            return new SqlQuery(
                    sql(config, SqlOptions.TABLE),
                    SqlQuery.columns(columns),
                    sql(config, SqlOptions.WATERMARK),
                    sql(config, SqlOptions.TIE_BREAKER));
        } catch (IllegalArgumentException e) {
            throw new UserError(config.where(SqlOptions.COLUMNS.key()) + e.getMessage(), e);
        }
    }

    private static String sql(HubConfig config, Setting<String> setting) {
        String text = config.find(setting)
                .orElseThrow(() -> new UserError(config.where(SqlOptions.URL.key()) + "is set, but not " + setting.key()
                        + ": " + setting.sentence()));
        if (text.indexOf('#') >= 0 || text.indexOf('?') >= 0) {
            throw new UserError(config.where(setting.key())
                    + "must have neither # nor ?, which are marks of parameters; make a view that needs none");
        }
        return text;
    }

    private static ZoneId zone(HubConfig config) {
        try {
            return ZoneId.of(config.get(SqlOptions.ZONE));
        } catch (DateTimeException e) {
            throw new UserError(
                    config.where(SqlOptions.ZONE.key()) + "'" + config.get(SqlOptions.ZONE)
                            + "' is no time zone such as UTC or Europe/Berlin",
                    e);
        }
    }

    /**
     * Makes the source known to the ledger and puts the route's beans among the others.
     *
     * @return null where no table is configured
     */
    static SqlTable prepare(HubConfig config, DataSource ledger, Map<String, Object> beans, Clock clock)
            throws SQLException {
        if (!RouteProperties.readsSql(config, Hub.Mode.RUN)) {
            return null;
        }
        SqlSettings settings = settings(config);
        HikariDataSource database = open(config, config.get(SqlOptions.TIMEOUT));
        SqlSource source =
                new SqlSource(settings, database, new SqlWatermarks(ledger, clock), new Sources(ledger, clock), clock);
        source.configure();
        beans.put("sql", source);
        beans.put("sqlRows", new SqlRows(settings));
        // not as it is: Camel would show its address, and what stands in it, to management
        beans.put("sqlDatabase", new DelegatingDataSource(database));
        return new SqlTable(database);
    }

    /**
     * A pool that is filled when it is asked: the other database may be away at the start.
     *
     * @param wait longest wait for a connection
     */
    static HikariDataSource open(HubConfig config, Duration wait) {
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("caravan-sql");
        pool.setJdbcUrl(config.get(SqlOptions.URL));
        config.find(SqlOptions.USER).ifPresent(pool::setUsername);
        pool.setPassword(password(config));
        try {
            config.find(SqlOptions.DRIVER).ifPresent(pool::setDriverClassName);
        } catch (RuntimeException e) {
            throw new UserError(
                    config.where(SqlOptions.DRIVER.key()) + "there is no such class; put the driver's jar into lib/",
                    e);
        }
        pool.setMaximumPoolSize(CONNECTIONS);
        pool.setMinimumIdle(0);
        pool.setReadOnly(true);
        pool.setInitializationFailTimeout(-1);
        pool.setConnectionTimeout(wait.toMillis());
        try {
            return new HikariDataSource(pool);
        } catch (RuntimeException e) {
            throw new UserError(
                    config.where(SqlOptions.URL.key()) + "no driver takes this URL (" + e.getMessage()
                            + "); put its jar into lib/",
                    e);
        }
    }

    private static String password(HubConfig config) {
        return config.find(SqlOptions.PASSWORD)
                .or(() -> config.find(SqlOptions.PASSWORD_FILE).map(file -> {
                    try {
                        return Files.readString(file).strip();
                    } catch (IOException e) {
                        throw new UserError(config.where(SqlOptions.PASSWORD_FILE.key()) + file + " can't be read", e);
                    }
                }))
                .orElse(null);
    }

    /** Closed after the hub is. */
    @Override
    public void close() {
        database.close();
    }
}
