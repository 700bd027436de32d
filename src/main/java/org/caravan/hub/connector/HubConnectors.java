package org.caravan.hub.connector;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.invoice.ConnectorFiles;
import org.caravan.invoice.ConnectorName;

/** The connectors that the configuration speaks of. */
public final class HubConnectors {
    /** What the keys of all that connectors are told begin with. */
    public static final String PREFIX = "camel.kamelet.";

    /** Where the csv-directory connector writes to; {@code caravan.out} says it, too. */
    public static final String CSV_DIRECTORY = PREFIX + "csv-directory-sink.directory";

    private HubConnectors() {}

    /** Those of the configured directory, told what the configuration says. */
    public static ConnectorFiles files(HubConfig config) {
        Map<String, String> said = said(config);
        return new ConnectorFiles(config.get(Settings.CONNECTORS), said::get, targets(config));
    }

    /** What connectors are told, by keys such as {@code camel.kamelet.http-sink.url}. */
    public static Map<String, String> said(HubConfig config) {
        Map<String, String> said = new LinkedHashMap<>();
        config.camel().forEach((key, value) -> {
            if (key.startsWith(PREFIX)) {
                said.put(key, value);
            }
        });
        // one directory for bills and for the hub, whatever else is said of it
        config.find(Settings.OUT).ifPresent(out -> said.put(CSV_DIRECTORY, out.toString()));
        return said;
    }

    /**
     * Names of connectors that are one of several targets of a Kamelet.
     *
     * @throws UserError if one is no name
     */
    public static List<String> targets(HubConfig config) {
        String names = config.find(Settings.CONNECTOR_TARGETS).orElse("");
        List<String> all = Arrays.stream(names.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        for (String name : all) {
            try {
                ConnectorName.of(name);
            } catch (UserError e) {
                throw new UserError(config.where(Settings.CONNECTOR_TARGETS.key()) + e.getMessage());
            }
        }
        List<String> targets =
                all.stream().filter(name -> name.contains("/")).distinct().toList();
        Map<String, String> taken = new HashMap<>();
        for (String name : targets) {
            // Camel makes a route of that id
            String other = taken.put(ConnectorName.of(name).target(), name);
            if (other != null) {
                throw new UserError(config.where(Settings.CONNECTOR_TARGETS.key()) + other + " and " + name
                        + " have the same target; give one of them another name, such as " + name + "-2");
            }
        }
        return targets;
    }
}
