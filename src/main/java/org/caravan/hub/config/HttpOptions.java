package org.caravan.hub.config;

import static org.caravan.hub.config.ValueType.duration;
import static org.caravan.hub.config.ValueType.number;
import static org.caravan.hub.config.ValueType.path;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The settings of the served APIs' connections, a part of the table in {@link Settings}. */
public final class HttpOptions {
    public static final Setting<Path> CERTIFICATE = of(
            "certificate",
            path(),
            "PEM file with the certificate that the APIs are served with, those between it and its authority behind it; with it, and its key, they are served by TLS alone. A changed file is taken up within a minute.");
    public static final Setting<Path> CERTIFICATE_KEY =
            of("certificateKey", path(), "PEM file with the certificate's private key, PKCS #8 and not encrypted.");
    public static final Setting<Long> MAX_HEADER_BYTES = of(
            "maxHeaderBytes", number(1024, 1 << 20), "16384", "Longest header of a request, all its fields together.");
    public static final Setting<Long> MAX_URI_BYTES = of(
            "maxUriBytes",
            number(256, 1 << 20),
            "8192",
            "Longest first line of a request: method, path and arguments.");
    public static final Setting<Long> MAX_CONNECTIONS = of(
            "maxConnections", number(1, 100_000), "1000", "Connections open at once; a further one is closed at once.");
    public static final Setting<Duration> IDLE = of(
            "idleTimeout",
            duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            "30s",
            "How long a connection may stay without a request that has come whole with its header; then it is closed.");
    public static final Setting<Long> MAX_WRONG_KEYS = of(
            "maxWrongKeys",
            number(1, 1_000_000),
            "20",
            "Wrong keys and tokens that an address may show in a minute; then it is answered 429 until the minute is over.");

    static final List<Setting<?>> ALL = List.of(
            CERTIFICATE, CERTIFICATE_KEY, MAX_HEADER_BYTES, MAX_URI_BYTES, MAX_CONNECTIONS, IDLE, MAX_WRONG_KEYS);

    private HttpOptions() {}

    private static <T> Setting<T> of(String name, ValueType<T> type, String sentence) {
        return of(name, type, null, sentence);
    }

    private static <T> Setting<T> of(String name, ValueType<T> type, String otherwise, String sentence) {
        return new Setting<>("caravan.api." + name, type, otherwise, false, sentence);
    }
}
