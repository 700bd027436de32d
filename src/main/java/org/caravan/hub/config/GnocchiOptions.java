package org.caravan.hub.config;

import static org.caravan.hub.config.ValueType.choice;
import static org.caravan.hub.config.ValueType.duration;
import static org.caravan.hub.config.ValueType.instant;
import static org.caravan.hub.config.ValueType.number;
import static org.caravan.hub.config.ValueType.path;
import static org.caravan.hub.config.ValueType.text;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The settings below {@code caravan.gnocchi.}, a part of the table in {@link Settings}. */
public final class GnocchiOptions {
    public static final Setting<String> URL = of(
            "url",
            text(1024),
            null,
            "Address of the Gnocchi that `run` pulls usage from, such as https://metric.example:8041; without it none is.");
    public static final Setting<Path> METRICS = of(
            "metrics",
            path(),
            "config/gnocchi.yaml",
            "Gnocchi metrics file: which metrics are billed, as which meter, in which unit.");
    public static final Setting<String> SOURCE =
            of("source", text(64), "gnocchi", "Name of the source that this Gnocchi is.");
    public static final Setting<String> AUTH = of(
            "auth",
            choice("keystone", "basic"),
            "keystone",
            "How the hub proves itself to Gnocchi: by a token of the user below caravan.keystone., or by a name alone (Gnocchi's auth_mode basic).");
    public static final Setting<String> USER =
            of("user", text(255), "admin", "The user, with caravan.gnocchi.auth=basic.");
    public static final Setting<String> PASSWORD = new Setting<>(
            "caravan.gnocchi.password",
            text(1024),
            null,
            true,
            "Password of this user, where a server before Gnocchi wants one.");
    public static final Setting<String> DATACENTER = of(
            "datacenter",
            text(255),
            null,
            "Datacenter (region) that usage from this Gnocchi is of; without it, of none.");
    public static final Setting<Instant> FROM = of(
            "from",
            instant(),
            null,
            "Where reading begins of a source that is new to the ledger; without it, at the start of the month.");
    public static final Setting<Duration> WAIT = of(
            "wait",
            duration(Duration.ZERO, Duration.ofDays(31)),
            "2h",
            "How long after its end a period is read, so that its measures have come.");
    public static final Setting<Duration> SECOND_LOOK = of(
            "secondLook",
            duration(Duration.ZERO, Duration.ofDays(31)),
            "6h",
            "How much later a period is read once more: what came late is billed, what changed is a conflict; 0s = never.");
    public static final Setting<Duration> WINDOW = of(
            "window",
            duration(Duration.ofSeconds(1), Duration.ofDays(31)),
            "1d",
            "Longest time of one metric that is read and committed at once, where there is something to catch up on.");
    public static final Setting<Long> BATCH_RECORDS = of(
            "batchRecords",
            number(1, 1_000_000),
            "100000",
            "Most records of a metric that are committed in one transaction; a window with more is read in parts.");
    public static final Setting<Long> PAGE_RESOURCES = of(
            "pageResources",
            number(2, 100_000),
            "500",
            "Most resources that one request asks for; Gnocchi's own limit ([api] max_limit) holds, too.");
    public static final Setting<Duration> ENDED = of(
            "ended",
            duration(Duration.ZERO, Duration.ofDays(3660)),
            "1d",
            "A resource that ended longer than this before a window is not asked for.");
    public static final Setting<Duration> COUNTER_GAP = of(
            "counterGap",
            duration(Duration.ofSeconds(1), Duration.ofDays(31)),
            "6h",
            "Longest time between two points of a counter whose difference is billed.");
    public static final Setting<Long> MAX_BACKLOG = of(
            "maxBacklog",
            number(0, Long.MAX_VALUE),
            null,
            "Nothing is read while Gnocchi has more measures than this to process; without it, it is not asked.");
    public static final Setting<Duration> POLL = of(
            "poll",
            duration(Duration.ofMillis(100), Duration.ofDays(1)),
            "1m",
            "How often it is looked whether a period is due.");
    public static final Setting<Duration> TIMEOUT = of(
            "timeout",
            duration(Duration.ofMillis(100), Duration.ofHours(1)),
            "60s",
            "Longest wait for an answer of Gnocchi.");
    public static final Setting<Long> MAX_ANSWER =
            of("maxAnswerBytes", number(1 << 16, 1 << 30), "67108864", "Longest answer of Gnocchi that is read.");
    public static final Setting<Duration> RETRY = of(
            "maxRetryDelay",
            duration(Duration.ofSeconds(1), Duration.ofDays(1)),
            "5m",
            "Longest wait before what failed is read again; it begins with a second.");

    /** All of them, in the order of the reference page. */
    static final List<Setting<?>> ALL = List.of(
            URL,
            METRICS,
            SOURCE,
            AUTH,
            USER,
            PASSWORD,
            DATACENTER,
            FROM,
            WAIT,
            SECOND_LOOK,
            WINDOW,
            BATCH_RECORDS,
            PAGE_RESOURCES,
            ENDED,
            COUNTER_GAP,
            MAX_BACKLOG,
            POLL,
            TIMEOUT,
            MAX_ANSWER,
            RETRY);

    private GnocchiOptions() {}

    private static <T> Setting<T> of(String name, ValueType<T> type, String otherwise, String sentence) {
        return new Setting<>("caravan.gnocchi." + name, type, otherwise, false, sentence);
    }
}
