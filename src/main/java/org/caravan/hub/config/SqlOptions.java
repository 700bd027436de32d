package org.caravan.hub.config;

import static org.caravan.hub.config.ValueType.duration;
import static org.caravan.hub.config.ValueType.instant;
import static org.caravan.hub.config.ValueType.number;
import static org.caravan.hub.config.ValueType.path;
import static org.caravan.hub.config.ValueType.text;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The settings of a table of another database that is read, a part of the table in {@link Settings}. */
public final class SqlOptions {
    public static final Setting<String> URL = of(
            "url",
            text(4096),
            null,
            "JDBC URL of the database whose table `run` reads usage from; without it none is read. PostgreSQL's driver comes along, others belong into lib/.");
    public static final Setting<String> USER = of("user", text(255), null, "User there; it needs to read alone.");
    public static final Setting<String> PASSWORD =
            new Setting<>("caravan.sql.password", text(1024), null, true, "Password of this user.");
    public static final Setting<Path> PASSWORD_FILE =
            of("passwordFile", path(), null, "File that holds this password.");
    public static final Setting<String> DRIVER = of(
            "driver", text(255), null, "Class of the JDBC driver, for one that does not make itself known by the URL.");
    public static final Setting<String> TABLE = of(
            "table", text(16_384), null, "Table or view that is read, or a query in parentheses with a name behind.");
    public static final Setting<String> COLUMNS = of(
            "columns",
            text(16_384),
            null,
            "Which column each field is in: tenant=project_id, unit='hour', metadata.flavor=flavor, …; a field of the column's own name needs no =.");
    public static final Setting<String> WATERMARK =
            of("watermark", text(1_024), null, "Column of time that says when a row was written or changed.");
    public static final Setting<String> TIE_BREAKER = of(
            "tieBreaker", text(1_024), null, "Column that tells rows of one watermark apart, such as the primary key.");
    public static final Setting<String> SOURCE = of("source", text(64), "sql", "Name of the source that the table is.");
    public static final Setting<Duration> POLL =
            of("poll", duration(Duration.ofMillis(100), Duration.ofDays(1)), "1m", "How often the table is read.");
    public static final Setting<Duration> DELAY = of(
            "delay",
            duration(Duration.ZERO, Duration.ofDays(31)),
            "1m",
            "How far behind now reading ends: rows that are written just now are left for later.");
    public static final Setting<Duration> OVERLAP = of(
            "overlap",
            duration(Duration.ZERO, Duration.ofDays(31)),
            "10m",
            "How far before where it stood reading begins; longer than any transaction that writes the table.");
    public static final Setting<Instant> START =
            of("start", instant(), "2000-01-01T00:00:00Z", "Watermark from which the table is read the first time.");
    public static final Setting<String> ZONE =
            of("zone", text(64), "UTC", "Zone of times that the table keeps without one, such as Europe/Berlin.");
    public static final Setting<Long> PAGE_ROWS =
            of("pageRows", number(1, 1_000_000), "20000", "Rows that are read and committed in one transaction.");
    public static final Setting<Duration> TIMEOUT = of(
            "timeout",
            duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            "1m",
            "Longest that one query, and getting a connection, may take.");
    public static final Setting<Duration> RETRY = of(
            "maxRetryDelay",
            duration(Duration.ofSeconds(1), Duration.ofDays(1)),
            "5m",
            "Longest wait before the table is read again after a failure; it begins with a second.");

    static final List<Setting<?>> ALL = List.of(
            URL,
            USER,
            PASSWORD,
            PASSWORD_FILE,
            DRIVER,
            TABLE,
            COLUMNS,
            WATERMARK,
            TIE_BREAKER,
            SOURCE,
            POLL,
            DELAY,
            OVERLAP,
            START,
            ZONE,
            PAGE_ROWS,
            TIMEOUT,
            RETRY);

    private SqlOptions() {}

    private static <T> Setting<T> of(String name, ValueType<T> type, String otherwise, String sentence) {
        return new Setting<>("caravan.sql." + name, type, otherwise, false, sentence);
    }
}
