package org.caravan.common.keystone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.caravan.common.Json;

/**
 * What Keystone says of a valid token.
 *
 * @param user id of the user
 * @param project id of the project it is scoped to; null for a token of the system, of a domain or without scope
 * @param projectName name of that project, unique within its domain alone; null without one
 * @param projectDomain id of that domain, or null
 * @param roles names, in lower case; without {@code admin} where Keystone says that its project is not that of
 *     administrators
 * @param expires when it ends
 */
public record KeystoneToken(
        String user, String project, String projectName, String projectDomain, Set<String> roles, Instant expires) {
    /** Longer than any kind of token that Keystone makes. */
    private static final int MAX_LENGTH = 8192;

    private static final Pattern TEXT = Pattern.compile("[\\x21-\\x7e]+");

    public KeystoneToken {
        roles = Set.copyOf(roles);
    }

    /** True if this could be a token at all: whatever else, no header may carry. */
    public static boolean isText(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_LENGTH
                && TEXT.matcher(text).matches();
    }

    /** Reads the body of an answer; empty if it is not what Keystone says of a token. */
    static Optional<KeystoneToken> read(byte[] body) {
        JsonNode token = json(body).path("token");
        String user = text(token.path("user").path("id"));
        Instant expires = time(token.path("expires_at"));
        if (user == null || expires == null) {
            return Optional.empty();
        }
        Set<String> roles = new TreeSet<>();
        for (JsonNode role : token.path("roles")) {
            String name = text(role.path("name"));
            if (name != null) {
                roles.add(name.toLowerCase(Locale.ROOT));
            }
        }
        if (token.path("is_admin_project").isBoolean()
                && !token.path("is_admin_project").booleanValue()) {
            roles.remove("admin");
        }
        JsonNode project = token.path("project");
        return Optional.of(new KeystoneToken(
                user,
                text(project.path("id")),
                text(project.path("name")),
                text(project.path("domain").path("id")),
                roles,
                expires));
    }

    /** The body as JSON; a missing node if it is none. */
    static JsonNode json(byte[] body) {
        try {
            JsonNode read = Json.mapper().readTree(body);
            return read == null ? MissingNode.getInstance() : read;
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    /** A time such as {@code 2026-11-21T21:55:14.000000Z}, or null. */
    static Instant time(JsonNode node) {
        try {
            return node.isTextual() ? Instant.parse(node.textValue()) : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static String text(JsonNode node) {
        return node.isTextual() && !node.textValue().isEmpty() ? node.textValue() : null;
    }
}
