package org.caravan.invoice.erp.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.caravan.common.Nearest;
import org.caravan.common.UserError;

/**
 * Proves to a server who asks: sets the header {@code Authorization}, from the first request on. Remove the header after the
 * call.
 */
public final class Authorization implements Processor {
    private static final List<String> KINDS = List.of("none", "basic", "bearer");

    private String kind = "none";
    private String username;
    private String password;
    private String token;
    private String value;

    /** none, basic or bearer. */
    public void setKind(String kind) {
        this.kind = kind;
    }

    /** For basic. */
    public void setUsername(String username) {
        this.username = username;
    }

    /** For basic. */
    public void setPassword(String password) {
        this.password = password;
    }

    /** For bearer. */
    public void setToken(String token) {
        this.token = token;
    }

    /**
     * Takes the settings; called once, before the first exchange.
     *
     * @throws UserError naming the setting that is missing or unfit; never its value
     */
    public void open() {
        value = switch (kind) {
            case "none" -> null;
            case "basic" ->
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString((needed("username", username) + ":" + needed("password", password))
                                        .getBytes(StandardCharsets.UTF_8));
            case "bearer" -> "Bearer " + needed("token", token);
            default ->
                throw new UserError(
                        "auth '" + kind + "': must be one of " + String.join(", ", KINDS) + Nearest.hint(kind, KINDS));
        };
    }

    private String needed(String name, String setting) {
        if (setting == null || setting.isEmpty()) {
            throw new UserError("auth " + kind + " needs the property '" + name + "'; set it, or set auth to none");
        }
        if (setting.chars().anyMatch(Character::isISOControl)) {
            throw new UserError(
                    "property '" + name + "' holds a control character, perhaps the end of a line; remove it");
        }
        return setting;
    }

    @Override
    public void process(Exchange exchange) {
        if (value != null) {
            exchange.getMessage().setHeader("Authorization", value);
        }
    }
}
