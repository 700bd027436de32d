package org.caravan.api.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All routes of a contract. A path matches a template segment by segment; a written segment goes before a variable; a slash
 * at the end makes no difference.
 */
public final class RoutingTable {
    /** Answers a request. */
    public interface Handler {
        Answer handle(Request request) throws Exception;
    }

    /**
     * One route.
     *
     * @param template such as {@code /v1/things/{id}}
     * @param rule the contract's own name for what a caller needs, for its errors; may be empty
     */
    public record Route(String method, String template, Policy policy, String rule, Handler handler) {
        private List<String> segments() {
            return RoutingTable.segments(template);
        }
    }

    /**
     * What was found for a path.
     *
     * @param route null if there is none
     * @param known true if another method has the path
     */
    record Match(Route route, Map<String, String> variables, boolean known) {}

    /** Another name for the paths below one. */
    private record Alias(List<String> old, List<String> now) {}

    private final List<Route> routes;
    private final List<Alias> aliases;
    private final Map<String, Set<String>> spellings;

    private RoutingTable(Builder builder) {
        this.routes = List.copyOf(builder.routes);
        this.aliases = List.copyOf(builder.aliases);
        this.spellings = Map.copyOf(builder.spellings);
    }

    /** The routes, in the order in which they were written. */
    public List<Route> routes() {
        return routes;
    }

    Match find(String method, String path) {
        List<String> segments = known(segments(path));
        Match best = new Match(null, Map.of(), false);
        int bestLiterals = -1;
        boolean known = false;
        for (Route route : routes) {
            Map<String, String> variables = new HashMap<>();
            int literals = match(route.segments(), segments, spellings, variables);
            if (literals < 0) {
                continue;
            }
            known = true;
            if (route.method().equals(method) && literals > bestLiterals) {
                bestLiterals = literals;
                best = new Match(route, variables, true);
            }
        }
        return best.route() == null ? new Match(null, Map.of(), known) : best;
    }

    private List<String> known(List<String> segments) {
        for (Alias alias : aliases) {
            int length = alias.old().size();
            if (segments.size() >= length && segments.subList(0, length).equals(alias.old())) {
                List<String> now = new ArrayList<>(alias.now());
                now.addAll(segments.subList(length, segments.size()));
                return now;
            }
        }
        return segments;
    }

    /** Number of written segments that match, or -1. */
    private static int match(
            List<String> template,
            List<String> segments,
            Map<String, Set<String>> spellings,
            Map<String, String> variables) {
        if (template.size() != segments.size()) {
            return -1;
        }
        int literals = 0;
        for (int i = 0; i < template.size(); i++) {
            String wanted = template.get(i);
            if (wanted.startsWith("{")) {
                if (segments.get(i).isEmpty()) {
                    return -1;
                }
                variables.put(wanted.substring(1, wanted.length() - 1), segments.get(i));
            } else if (wanted.equals(segments.get(i))
                    || spellings.getOrDefault(segments.get(i), Set.of()).contains(wanted)) {
                literals++;
            } else {
                return -1;
            }
        }
        return literals;
    }

    /** Segments, decoded after they were cut apart: an encoded slash is part of its segment. */
    private static List<String> segments(String path) {
        String inner = path.startsWith("/") ? path.substring(1) : path;
        if (inner.endsWith("/")) {
            inner = inner.substring(0, inner.length() - 1);
        }
        return inner.isEmpty()
                ? List.of()
                : Arrays.stream(inner.split("/", -1)).map(RoutingTable::decode).toList();
    }

    private static String decode(String segment) {
        return segment.indexOf('%') < 0
                ? segment
                : java.net.URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Collects routes. */
    public static final class Builder {
        private final List<Route> routes = new ArrayList<>();
        private final List<Alias> aliases = new ArrayList<>();
        private final Map<String, Set<String>> spellings = new HashMap<>();
        private String rule = "";

        /** The name that the routes added from here on have for what a caller needs. */
        public Builder rule(String name) {
            rule = name;
            return this;
        }

        public Builder add(String method, String template, Policy policy, Handler handler) {
            for (Route route : routes) {
                if (route.method().equals(method) && route.template().equals(template)) {
                    throw new IllegalArgumentException("two routes for " + method + " " + template);
                }
            }
            routes.add(new Route(method, template, policy, rule, handler));
            return this;
        }

        /** Lets paths below {@code old} mean those below {@code now}. */
        public Builder alias(String old, String now) {
            aliases.add(new Alias(segments(old), segments(now)));
            return this;
        }

        /** Lets a segment of a path be written otherwise, too; where a template has a variable it means itself. */
        public Builder spelling(String other, String written) {
            spellings.computeIfAbsent(other, o -> new HashSet<>()).add(written);
            return this;
        }

        public RoutingTable build() {
            return new RoutingTable(this);
        }
    }
}
