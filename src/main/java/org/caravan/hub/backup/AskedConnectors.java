package org.caravan.hub.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.caravan.common.ConfigNode;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.hub.connector.HubConnectors;
import org.caravan.invoice.ConnectorInfo;
import org.caravan.invoice.ConnectorName;
import org.caravan.invoice.IssuedElsewhere;
import org.caravan.invoice.Recovery;
import org.caravan.invoice.document.AccountProfiles;

/**
 * Finds the connectors that may hold documents of a ledger: those it has delivered to, those that account profiles name,
 * those that a route names in its text, and those that a person names.
 */
final class AskedConnectors {
    private static final Pattern NAMED =
            Pattern.compile("connector['\"]?\\s*[:=]\\s*['\"]?([a-z0-9/-]+(?:,[a-z0-9/-]+)*)");

    private final HubConfig config;
    private final Map<String, Path> lists;
    private final Map<String, String> confirmed;

    /**
     * @param lists files by connector that a person made
     * @param confirmed newest numbers by connector
     */
    AskedConnectors(HubConfig config, Map<String, Path> lists, Map<String, String> confirmed) {
        this.config = config;
        this.lists = lists;
        this.confirmed = confirmed;
    }

    List<Recovery.Connector> find(DataSource ledger, AccountProfiles profiles) throws SQLException {
        Set<String> names = new TreeSet<>(lists.keySet());
        names.addAll(confirmed.keySet());
        names.addAll(profiles.profile("").connectors());
        profiles.named().forEach(profile -> names.addAll(profile.connectors()));
        names.addAll(inRoutes());
        try (Connection connection = ledger.getConnection();
                Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("select distinct connector from delivery")) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        List<Recovery.Connector> connectors = new ArrayList<>();
        for (String name : names) {
            connectors.add(connector(name));
        }
        return connectors;
    }

    /** Names in the text of routes that are connectors: expressions are not known before a document comes. */
    private Set<String> inRoutes() {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(config.get(Settings.ROUTES))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                // what is commented out sends nothing
                Matcher matcher = NAMED.matcher(Files.readString(file).replaceAll("(?m)^\\s*#.*$", ""));
                while (matcher.find()) {
                    for (String name : matcher.group(1).split(",")) {
                        if (isThere(name)) {
                            names.add(name);
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new UserError(
                    "routes " + config.get(Settings.ROUTES) + ": can't be read (" + e.getMessage() + ")", e);
        }
        return names;
    }

    private Path kamelet(String name) {
        return config.get(Settings.CONNECTORS).resolve(ConnectorName.of(name).file());
    }

    private boolean isThere(String name) {
        try {
            return Files.exists(kamelet(name));
        } catch (UserError e) {
            // no name that a connector could have
            return false;
        }
    }

    private Recovery.Connector connector(String name) {
        HandList byHand = lists.containsKey(name) ? new HandList(lists.get(name)) : null;
        if (!isThere(name)) {
            return new Recovery.Connector(name, false, List.of(), byHand, confirmed.get(name));
        }
        ConfigNode kamelet = ConfigNode.read(kamelet(name), "connector");
        ConfigNode annotations = kamelet.require("metadata").get("annotations");
        ConnectorInfo info = HubConnectors.files(config).look(name).info();
        boolean safe = info != null && info.repeat() == ConnectorInfo.Repeat.SAFE;
        ConfigNode list = annotations == null ? null : annotations.get("caravan/list");
        List<Recovery.Listing> listings = new ArrayList<>();
        if (list != null) {
            IssuedElsewhere elsewhere = instance(list);
            for (Map<String, String> settings : settings(name, kamelet)) {
                listings.add((issuer, to) -> elsewhere.list(settings, issuer, to));
            }
        }
        return new Recovery.Connector(name, safe, listings, byHand, confirmed.get(name));
    }

    private static IssuedElsewhere instance(ConfigNode list) {
        try {
            return Class.forName(list.text())
                    .asSubclass(IssuedElsewhere.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw list.error("'" + list.text()
                    + "' is no class on the class path that lists what a connector holds; it must" + " implement "
                    + IssuedElsewhere.class.getName() + " and have a constructor without parameters");
        }
    }

    /** The connector's properties, default or said; twice where {@code caravan.out} names another place than they do. */
    private List<Map<String, String>> settings(String name, ConfigNode kamelet) {
        Map<String, String> settings = new LinkedHashMap<>();
        ConfigNode definition = kamelet.require("spec").get("definition");
        ConfigNode properties = definition == null ? null : definition.get("properties");
        if (properties != null) {
            properties.entries().forEach((property, of) -> {
                ConfigNode otherwise = of.isMap() ? of.get("default") : null;
                if (otherwise != null) {
                    settings.put(property, otherwise.text());
                }
            });
        }
        ConnectorName connector = ConnectorName.of(name);
        String prefix = connector.prefix();
        // those of all targets first, its own over them
        tell(settings, "camel.kamelet." + connector.kamelet() + ".");
        tell(settings, prefix);
        List<Map<String, String>> all = new ArrayList<>(List.of(settings));
        // where a bill writes, whatever the connector's own directory is
        if (name.equals("csv-directory") && config.find(Settings.OUT).isPresent()) {
            String out = config.get(Settings.OUT).toString();
            Map<String, String> bill = new LinkedHashMap<>(settings);
            bill.put("directory", out);
            if (!settings.containsKey("directory")) {
                all.clear();
            }
            if (!out.equals(settings.get("directory"))) {
                all.add(bill);
            }
        } else if (name.equals("csv-directory") && !settings.containsKey("directory")) {
            throw new UserError("where did bills write their invoices? Name the directory with --out DIR, or set "
                    + prefix + "directory");
        }
        return all;
    }

    private void tell(Map<String, String> settings, String prefix) {
        config.camel().forEach((key, value) -> {
            if (key.startsWith(prefix) && key.indexOf('.', prefix.length()) < 0) {
                settings.put(key.substring(prefix.length()), value);
            }
        });
    }
}
