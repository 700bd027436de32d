package org.caravan.invoice;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.caravan.common.UserError;

/**
 * A connector's name: {@code http}, the Kamelet {@code http-sink}; or {@code http/acme}, the same Kamelet told what
 * {@code camel.kamelet.http-sink.acme.*} says.
 *
 * @param base the Kamelet's name without its ending {@code -sink}
 * @param target what tells apart several connectors of one Kamelet; {@code ""} where there is one
 */
public record ConnectorName(String base, String target) {
    /** What the name of a connector's file ends with. */
    public static final String FILE_END = "-sink.kamelet.yaml";

    private static final int MAX_LENGTH = 64;
    private static final String WORD = "[a-z0-9]+(?:-[a-z0-9]+)*";
    private static final Pattern NAME = Pattern.compile("(" + WORD + ")(?:/(" + WORD + "))?");

    /**
     * Reads a name; it becomes part of an endpoint URI, so not every text is one.
     *
     * @throws UserError naming the rule
     */
    public static ConnectorName of(String name) {
        Matcher matcher = NAME.matcher(name == null ? "" : name);
        if (!matcher.matches() || name.length() > MAX_LENGTH) {
            throw new UserError("connector '" + name + "': not a connector's name; use lower-case letters, digits and"
                    + " single hyphens, for one of several targets KAMELET/TARGET, at most " + MAX_LENGTH
                    + " characters");
        }
        return new ConnectorName(matcher.group(1), matcher.group(2) == null ? "" : matcher.group(2));
    }

    /** The Kamelet's name, as {@code metadata.name} says it: {@code http-sink}. */
    public String kamelet() {
        return base + "-sink";
    }

    /**
     * What comes after {@code kamelet:} in an endpoint: {@code http-sink/acme}. It always names the route, so that Camel finds
     * the route again after it was made anew.
     */
    public String uri() {
        return kamelet() + "/" + routeId();
    }

    /** True if this is the URI of an endpoint that calls it; Camel writes them with and without slashes. */
    public boolean isCalledBy(String endpointUri) {
        String rest = endpointUri.replaceFirst("^kamelet:(//)?", "");
        return !rest.equals(endpointUri) && rest.replaceFirst("[?].*", "").equals(uri());
    }

    /** The id of the route that Camel makes of it. */
    public String routeId() {
        return target.isEmpty() ? kamelet() : target;
    }

    /** The name of the file that declares it. */
    public String file() {
        return base + FILE_END;
    }

    /** What the keys of its own settings begin with: {@code camel.kamelet.http-sink.acme.}. */
    public String prefix() {
        return "camel.kamelet." + kamelet() + "." + (target.isEmpty() ? "" : target + ".");
    }

    @Override
    public String toString() {
        return target.isEmpty() ? base : base + "/" + target;
    }
}
