package org.caravan.hub.connector;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.caravan.common.ConfigNode;
import org.caravan.common.Nearest;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.invoice.ConnectorName;

/**
 * Settings {@code camel.kamelet.NAME.PROPERTY} and {@code camel.kamelet.NAME.TARGET.PROPERTY} against what the connectors
 * declare: Camel itself ignores a mistyped one without a word.
 */
public final class KameletProperties {
    private static final String FILE_END = ".kamelet.yaml";

    private final HubConfig config;
    private final Path directory;
    private final List<String> targets;
    private final Map<String, List<String>> declared = new TreeMap<>();
    private final List<String> broken = new ArrayList<>();

    private KameletProperties(HubConfig config) {
        this.config = config;
        this.directory = config.get(Settings.CONNECTORS);
        this.targets = HubConnectors.targets(config);
    }

    /**
     * Compares all settings with all connectors.
     *
     * @return what is wrong with files that can't be read; their settings are not compared, and deliveries to them will say
     *     so, too
     * @throws UserError naming a key that is not known, where it stands, and the nearest that exists
     */
    public static List<String> check(HubConfig config) {
        return check(config, "");
    }

    /** As {@link #check(HubConfig)}, for one Kamelet only; {@code ""} for all. */
    public static List<String> check(HubConfig config, String kamelet) {
        return check(config, kamelet, error -> {
            throw error;
        });
    }

    /**
     * As {@link #check(HubConfig)}, to its end.
     *
     * @param wrong told of each key that is not known
     */
    public static List<String> check(HubConfig config, Consumer<UserError> wrong) {
        return check(config, "", wrong);
    }

    private static List<String> check(HubConfig config, String kamelet, Consumer<UserError> wrong) {
        KameletProperties check = new KameletProperties(config);
        for (String name : check.targets) {
            telling(wrong, () -> check.target(name, kamelet));
        }
        for (String key : config.camel().keySet()) {
            if (key.startsWith(HubConnectors.PREFIX)) {
                telling(wrong, () -> check.key(key, kamelet));
            }
        }
        return check.broken;
    }

    private static void telling(Consumer<UserError> wrong, Runnable step) {
        try {
            step.run();
        } catch (UserError e) {
            wrong.accept(e);
        }
    }

    private void target(String name, String kamelet) {
        ConnectorName target = ConnectorName.of(name);
        if ((kamelet.isEmpty() || target.kamelet().equals(kamelet))
                && !Files.isRegularFile(directory.resolve(target.file()))) {
            throw new UserError(config.where(Settings.CONNECTOR_TARGETS.key()) + name + ": no " + target.file() + " in "
                    + directory + Nearest.hint(target.kamelet(), names()));
        }
    }

    private void key(String key, String kamelet) {
        String[] parts = key.substring(HubConnectors.PREFIX.length()).split("\\.", -1);
        if (!kamelet.isEmpty() && !parts[0].equals(kamelet)) {
            return;
        }
        if (parts.length < 2 || parts.length > 3) {
            throw new UserError(config.where(key) + "expected " + HubConnectors.PREFIX + "NAME.PROPERTY, or "
                    + HubConnectors.PREFIX + "NAME.TARGET.PROPERTY");
        }
        Path file = directory.resolve(parts[0] + FILE_END);
        if (!file.normalize().getParent().equals(directory) || !Files.isRegularFile(file)) {
            throw new UserError(config.where(key) + "no connector " + parts[0] + " in " + directory
                    + Nearest.hint(parts[0], names()));
        }
        if (parts.length == 3) {
            checkTarget(key, parts[0], parts[1]);
        }
        List<String> properties = declared.computeIfAbsent(parts[0], name -> properties(file));
        String property = parts[parts.length - 1];
        if (properties != null && !properties.contains(property)) {
            throw new UserError(config.where(key) + "connector " + parts[0] + " has no property '" + property + "'"
                    + Nearest.hint(property, properties) + "; it has " + String.join(", ", properties));
        }
    }

    private void checkTarget(String key, String kamelet, String target) {
        List<String> ofKamelet = targets.stream()
                .map(ConnectorName::of)
                .filter(name -> name.kamelet().equals(kamelet))
                .map(ConnectorName::target)
                .toList();
        if (!ofKamelet.contains(target)) {
            String base = kamelet.replaceFirst("-sink$", "");
            throw new UserError(config.where(key) + "no target '" + target + "' of " + base
                    + Nearest.hint(target, ofKamelet) + "; caravan.connectors must name " + base + "/" + target);
        }
    }

    /** Null if the file can't be read. */
    private List<String> properties(Path kamelet) {
        try {
            ConfigNode spec = ConfigNode.read(kamelet, "connector").get("spec");
            ConfigNode definition = spec == null ? null : spec.get("definition");
            ConfigNode properties = definition == null ? null : definition.get("properties");
            return properties == null
                    ? List.of()
                    : List.copyOf(properties.entries().keySet());
        } catch (UserError e) {
            if (!broken.contains(e.getMessage())) {
                broken.add(e.getMessage());
            }
            return null;
        }
    }

    private List<String> names() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(FILE_END))
                    .map(name -> name.substring(0, name.length() - FILE_END.length()))
                    .toList();
        } catch (IOException e) {
            throw new UserError("connectors " + directory + ": can't be read (" + e.getMessage() + ")", e);
        }
    }
}
