package org.caravan.invoice;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.caravan.common.ConfigNode;

/**
 * What a connector is told: its own settings, else those of all connectors of its Kamelet, else the default that the
 * Kamelet declares.
 */
final class ConnectorSettings {
    /** Nothing is said. */
    static final UnaryOperator<String> NONE = key -> null;

    private final ConnectorName name;
    private final ConfigNode properties;
    private final UnaryOperator<String> said;

    /**
     * @param kamelet top of the connector's file
     * @param said the value of a key such as {@code camel.kamelet.http-sink.url}, or null
     */
    ConnectorSettings(ConnectorName name, ConfigNode kamelet, UnaryOperator<String> said) {
        this.name = name;
        this.said = said;
        ConfigNode spec = kamelet.get("spec");
        ConfigNode definition = spec == null ? null : spec.get("definition");
        this.properties = definition == null ? null : definition.get("properties");
    }

    /** The declared properties by name; empty if there are none. */
    Map<String, ConfigNode> declared() {
        return properties == null ? Map.of() : properties.entries();
    }

    /** True if somebody said it, and it is not its default that holds. */
    boolean isSaid(String property) {
        return saidOf(property) != null;
    }

    /** The value of a property; null if nothing is said and there is no default. */
    String value(String property) {
        String value = saidOf(property);
        if (value != null) {
            return value;
        }
        ConfigNode declared = declared().get(property);
        ConfigNode otherwise = declared == null || !declared.isMap() ? null : declared.get("default");
        return otherwise == null ? null : otherwise.text();
    }

    private String saidOf(String property) {
        String own = said.apply(name.prefix() + property);
        return own != null || name.target().isEmpty()
                ? own
                : said.apply("camel.kamelet." + name.kamelet() + "." + property);
    }
}
