package org.caravan.hub.config;

import static org.caravan.hub.config.ValueType.choice;
import static org.caravan.hub.config.ValueType.duration;
import static org.caravan.hub.config.ValueType.number;
import static org.caravan.hub.config.ValueType.path;
import static org.caravan.hub.config.ValueType.text;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The settings below {@code caravan.ceilometer.}, a part of the table in {@link Settings}. */
public final class CeilometerOptions {
    public static final Setting<String> BROKERS = of(
            "brokers",
            text(4096),
            null,
            "Addresses of the Kafka brokers that `run` reads samples from; how they are read say the settings of caravan.kafka.");
    public static final Setting<String> TOPIC =
            of("topic", text(249), null, "The topic of samples, such as metering.sample or notifications.sample.");
    public static final Setting<String> GROUP =
            of("group", text(249), "caravan-samples", "Consumer group that the hubs share this topic's partitions in.");
    public static final Setting<Path> INBOX =
            of("inbox", path(), null, "Directory that `run` watches for files of samples; read as caravan.inbox is.");
    public static final Setting<String> PUSH = of(
            "push",
            choice("false", "true"),
            "false",
            "Whether samples are taken in by POST /caravan/v1/samples, as Ceilometer's HTTP publisher sends them.");
    public static final Setting<String> SOURCE = of(
            "source",
            text(50),
            "ceilometer",
            "Name of the source that usage made of samples belongs to; with -kafka, -files and -push behind it, of what samples come by.");
    public static final Setting<String> REALM =
            of("realm", text(255), "default", "Realm (cloud or reseller) of the samples' tenants.");
    public static final Setting<String> DATACENTER =
            of("datacenter", text(255), null, "Datacenter (region) that the samples are of.");
    public static final Setting<String> TRUST = of(
            "trust",
            text(4096),
            "openstack",
            "Regular expressions, separated by commas: a sample is dropped unless its source begins with what one of them matches.");
    public static final Setting<String> INCLUDE = of(
            "include",
            text(1 << 20),
            null,
            "Tenants, separated by commas, that samples are taken of; without it all but the ignored.");
    public static final Setting<String> IGNORE =
            of("ignore", text(1 << 20), null, "Tenants, separated by commas, that no samples are taken of.");
    public static final Setting<String> SECRET = new Setting<>(
            "caravan.ceilometer.secret",
            text(1024),
            null,
            true,
            "Ceilometer's telemetry_secret: samples of the topic must be signed with it, others must not be signed wrongly.");
    public static final Setting<Path> SECRET_FILE = of("secretFile", path(), null, "File that holds this secret.");
    public static final Setting<Duration> LATENESS = of(
            "lateness",
            duration(Duration.ZERO, Duration.ofDays(31)),
            "2h",
            "How far beyond an hour's end the newest sample must be before usage is made of that hour.");
    public static final Setting<Duration> PERIOD = of(
            "period",
            duration(Duration.ofMillis(100), Duration.ofHours(1)),
            "30s",
            "How often it is looked whether usage can be made of another hour.");
    public static final Setting<Long> TENANTS = of(
            "tenants",
            number(1, 10_000),
            "100",
            "Tenants whose usage of an hour is committed in one transaction, at most.");
    public static final Setting<Duration> RETENTION = of(
            "retention",
            duration(Duration.ofHours(1), Duration.ofDays(366)),
            "14d",
            "How long a sample is kept after it was measured; one whose hour no usage was made of yet is kept longer.");
    public static final Setting<Long> MAX_SAMPLES = of(
            "maxSamples",
            number(1_000, 100_000_000_000L),
            "100000000",
            "Most samples that are kept; a batch that would bring more fails as a whole.");
    public static final Setting<Long> MAX_MESSAGE = of(
            "maxMessageBytes",
            number(1 << 10, 16 << 20),
            "1048576",
            "Longest message of the topic, and longest line of a file of samples; a longer one goes to quarantine.");

    /** All of them, in the order of the reference page. */
    static final List<Setting<?>> ALL = List.of(
            BROKERS,
            TOPIC,
            GROUP,
            INBOX,
            PUSH,
            SOURCE,
            REALM,
            DATACENTER,
            TRUST,
            INCLUDE,
            IGNORE,
            SECRET,
            SECRET_FILE,
            LATENESS,
            PERIOD,
            TENANTS,
            RETENTION,
            MAX_SAMPLES,
            MAX_MESSAGE);

    private CeilometerOptions() {}

    private static <T> Setting<T> of(String name, ValueType<T> type, String otherwise, String sentence) {
        return new Setting<>("caravan.ceilometer." + name, type, otherwise, false, sentence);
    }
}
