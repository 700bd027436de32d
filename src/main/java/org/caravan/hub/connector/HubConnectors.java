package org.caravan.hub.connector;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.invoice.ConnectorFiles;
import org.caravan.invoice.ConnectorName;
import org.caravan.invoice.adapter.AdapterFinder;
import org.caravan.invoice.adapter.AdapterSettings;

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
        // what the adapter's class can, it promises
        adapter(config)
                .ifPresent(settings -> said.putIfAbsent(
                        PREFIX + "adapter-sink.repeat",
                        AdapterFinder.repeat(settings.object()).name().toLowerCase(Locale.ROOT)));
        return said;
    }

    /**
     * The adapter that is named, with what it is told; empty if none is.
     *
     * @throws UserError if the file that names it can't be read
     */
    public static Optional<AdapterSettings> adapter(HubConfig config) {
        Optional<AdapterSettings> inFile = config.find(Settings.INVOICE_FILE).map(ArtificeFile::read);
        String object = config.find(Settings.INVOICE_OBJECT)
                .orElse(inFile.map(AdapterSettings::object).orElse(null));
        if (object == null) {
            return Optional.empty();
        }
        Map<String, String> told =
                new LinkedHashMap<>(inFile.map(AdapterSettings::config).orElse(Map.of()));
        told.putAll(config.object());
        return Optional.of(new AdapterSettings(object, told));
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
