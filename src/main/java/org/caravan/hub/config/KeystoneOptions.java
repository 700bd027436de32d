package org.caravan.hub.config;

import static org.caravan.hub.config.ValueType.duration;
import static org.caravan.hub.config.ValueType.number;
import static org.caravan.hub.config.ValueType.path;
import static org.caravan.hub.config.ValueType.text;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The settings below {@code caravan.keystone.}, a part of the table in {@link Settings}. */
public final class KeystoneOptions {
    public static final Setting<String> URL = of(
            "url",
            text(1024),
            null,
            "Address of Keystone v3, such as https://keystone.example:5000/v3; for caravan.auth=keystone.");
    public static final Setting<String> USER =
            of("user", text(255), null, "The hub's own user, with a role that may validate tokens (service or admin).");
    public static final Setting<String> USER_DOMAIN =
            of("userDomain", text(255), "Default", "Name of the domain that this user is in.");
    public static final Setting<String> PROJECT =
            of("project", text(255), "service", "Project that this user has its role in.");
    public static final Setting<String> PROJECT_DOMAIN =
            of("projectDomain", text(255), "Default", "Name of the domain that this project is in.");
    public static final Setting<String> CREDENTIAL = of(
            "applicationCredential",
            text(255),
            null,
            "Id of an application credential, in place of user and project; its secret is the password.");
    public static final Setting<String> PASSWORD = new Setting<>(
            "caravan.keystone.password", text(1024), null, true, "Password of the hub's user at Keystone.");
    public static final Setting<Path> PASSWORD_FILE =
            of("passwordFile", path(), null, "File that holds this password.");
    public static final Setting<String> ADMIN_ROLES = of(
            "adminRoles", text(1024), "admin", "Roles, separated by commas, that make a token's user administrator.");
    public static final Setting<String> READER_ROLES = of(
            "readerRoles",
            text(1024),
            "reader,member",
            "Roles, separated by commas, that let a token's user read what is its project's.");
    public static final Setting<Duration> TIMEOUT = of(
            "timeout",
            duration(Duration.ofMillis(100), Duration.ofMinutes(1)),
            "5s",
            "Longest wait for an answer of Keystone; then the request is answered 503.");
    public static final Setting<Long> CONNECTIONS =
            of("connections", number(1, 200), "4", "Requests to Keystone at one time.");
    public static final Setting<Duration> KNOWN = of(
            "known",
            duration(Duration.ZERO, Duration.ofHours(1)),
            "5m",
            "How long a token that Keystone called valid is taken to be so, never past its end; a revoked one is taken as long.");
    public static final Setting<Duration> REFUSED = of(
            "refused",
            duration(Duration.ZERO, Duration.ofMinutes(10)),
            "10s",
            "How long a token that Keystone did not know is refused without asking again.");
    public static final Setting<Long> MAX_TOKENS = of(
            "maxTokens",
            number(1, 1_000_000),
            "10000",
            "Most tokens remembered, of the valid and of the refused ones each.");

    /** All of them, in the order of the reference page. */
    static final List<Setting<?>> ALL = List.of(
            URL,
            USER,
            USER_DOMAIN,
            PROJECT,
            PROJECT_DOMAIN,
            CREDENTIAL,
            PASSWORD,
            PASSWORD_FILE,
            ADMIN_ROLES,
            READER_ROLES,
            TIMEOUT,
            CONNECTIONS,
            KNOWN,
            REFUSED,
            MAX_TOKENS);

    private KeystoneOptions() {}

    private static <T> Setting<T> of(String name, ValueType<T> type, String otherwise, String sentence) {
        return new Setting<>("caravan.keystone." + name, type, otherwise, false, sentence);
    }
}
