package org.caravan.hub.connector;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.caravan.common.ConfigNode;

/**
 * What a Kamelet needs that is not there: Camel components, languages and data formats off the class path. Camel downloads
 * nothing; what is missing belongs into {@code lib/}.
 */
public final class Dependencies {
    private static final String MAVEN = "META-INF/maven/org.apache.camel/%s/pom.properties";
    private static final String COMPONENT = "META-INF/services/org/apache/camel/component/%s";
    private static final Pattern CAMEL = Pattern.compile("camel:([a-z0-9-]+)");
    private static final Pattern SCHEME = Pattern.compile("([a-z][a-z0-9+.-]*)(?:[:?/].*)?", Pattern.DOTALL);

    /** Steps whose text, or key {@code uri}, is an endpoint. */
    private static final Set<String> ENDPOINTS =
            Set.of("from", "to", "toD", "wireTap", "enrich", "pollEnrich", "intercept", "uri");

    private Dependencies() {}

    /**
     * What is missing, in words, each with where it is asked for; empty if all is there.
     *
     * @param kamelet top of the connector's file
     */
    public static List<String> missing(ConfigNode kamelet) {
        Set<String> missing = new LinkedHashSet<>();
        ConfigNode spec = kamelet.get("spec");
        if (spec == null) {
            return List.of();
        }
        for (ConfigNode dependency : spec.list("dependencies")) {
            Matcher camel = CAMEL.matcher(dependency.text());
            if (camel.matches() && !there(MAVEN.formatted("camel-" + camel.group(1)))) {
                missing.add("camel-" + camel.group(1));
            }
        }
        ConfigNode template = spec.get("template");
        if (template != null) {
            walk(template, missing);
        }
        return new ArrayList<>(missing);
    }

    private static void walk(ConfigNode node, Set<String> missing) {
        if (node.isList()) {
            node.list().forEach(element -> walk(element, missing));
        } else if (node.isMap()) {
            node.entries().forEach((key, value) -> {
                if (ENDPOINTS.contains(key) && !value.isMap() && !value.isList() && !value.isNull()) {
                    endpoint(value.text(), missing);
                }
                walk(value, missing);
            });
        }
    }

    private static void endpoint(String uri, Set<String> missing) {
        Matcher scheme = SCHEME.matcher(uri.strip());
        // what is a placeholder is known only once it is told
        if (scheme.matches()
                && !uri.startsWith("{{")
                && !missing.contains("camel-" + scheme.group(1))
                && !there(COMPONENT.formatted(scheme.group(1)))) {
            missing.add("camel-" + scheme.group(1) + " (component '" + scheme.group(1) + "')");
        }
    }

    private static boolean there(String resource) {
        return Dependencies.class.getClassLoader().getResource(resource) != null;
    }
}
