package org.caravan.hub.config;

import static org.caravan.hub.config.ValueType.choice;
import static org.caravan.hub.config.ValueType.duration;
import static org.caravan.hub.config.ValueType.number;
import static org.caravan.hub.config.ValueType.text;

import java.time.Duration;
import java.util.List;

/** The settings of pushed usage, a part of the table in {@link Settings}. */
public final class PushOptions {
    public static final Setting<String> ENABLED = new Setting<>(
            "caravan.push",
            choice("true", "false"),
            "true",
            false,
            "Whether `run` takes usage that is pushed to POST /caravan/v1/usage of the served APIs.");
    public static final Setting<String> SOURCE = of(
            "source",
            text(64),
            "push",
            "Name of the source that usage pushed without a source's key belongs to: with the operator's.");
    public static final Setting<Long> MAX_UNPACKED = of(
            "maxUnpacked",
            number(1_024, 1 << 30),
            "33554432",
            "Longest body of a push once it is unpacked, in bytes; caravan.api.maxBody bounds it packed.");
    public static final Setting<Long> MAX_RECORDS =
            of("maxRecords", number(1, 1_000_000), "20000", "Most records of one push, which is one transaction.");
    public static final Setting<Long> AT_ONCE =
            of("atOnce", number(1, 64), "4", "Pushes at work at once; more are answered 429.");
    public static final Setting<Long> PER_MINUTE =
            of("perMinute", number(1, 1_000_000), "600", "Pushes of one source in a minute; more are answered 429.");
    public static final Setting<Duration> ANSWERS = of(
            "answers",
            duration(Duration.ofMinutes(1), Duration.ofDays(30)),
            "24h",
            "How long the answer to an Idempotency-Key is known.");
    public static final Setting<Duration> LOOK = of(
            "look",
            duration(Duration.ofMillis(100), Duration.ofHours(1)),
            "1m",
            "How often the hub looks how far pushed sources are rated, and forgets old answers.");
    public static final Setting<Duration> SETTLE = of(
            "settle",
            duration(Duration.ZERO, Duration.ofDays(31)),
            "15m",
            "How long a hub must have been running before it takes a month of pushed sources for complete.");

    static final List<Setting<?>> ALL =
            List.of(ENABLED, SOURCE, MAX_UNPACKED, MAX_RECORDS, AT_ONCE, PER_MINUTE, ANSWERS, LOOK, SETTLE);

    private PushOptions() {}

    private static <T> Setting<T> of(String name, ValueType<T> type, String otherwise, String sentence) {
        return new Setting<>("caravan.push." + name, type, otherwise, false, sentence);
    }
}
