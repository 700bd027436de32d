package org.caravan.hub;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.caravan.common.ConfigNode;
import org.caravan.common.Nearest;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;

/**
 * Settings {@code camel.kamelet.NAME.PROPERTY} and {@code camel.kamelet.NAME.ROUTE.PROPERTY} against what the connectors
 * declare: Camel itself ignores a mistyped one without a word.
 */
final class KameletProperties {
    private static final String PREFIX = "camel.kamelet.";
    private static final String FILE_END = ".kamelet.yaml";

    private KameletProperties() {}

    /** @throws UserError naming the key, where it stands, and the nearest that exists */
    static void check(HubConfig config, Path connectors) {
        Map<String, List<String>> declared = new TreeMap<>();
        for (String key : config.camel().keySet()) {
            if (!key.startsWith(PREFIX)) {
                continue;
            }
            String[] parts = key.substring(PREFIX.length()).split("\\.");
            if (parts.length < 2 || parts.length > 3) {
                throw new UserError(config.where(key) + "expected " + PREFIX + "NAME.PROPERTY");
            }
            Path file = connectors.resolve(parts[0] + FILE_END);
            if (!file.normalize().getParent().equals(connectors) || !Files.isRegularFile(file)) {
                throw new UserError(config.where(key) + "no connector " + parts[0] + " in " + connectors
                        + Nearest.hint(parts[0], names(connectors)));
            }
            List<String> properties = declared.computeIfAbsent(parts[0], name -> properties(file));
            String property = parts[parts.length - 1];
            if (!properties.contains(property)) {
                throw new UserError(config.where(key) + "connector " + parts[0] + " has no property '" + property + "'"
                        + Nearest.hint(property, properties) + "; it has " + String.join(", ", properties));
            }
        }
    }

    private static List<String> properties(Path kamelet) {
        ConfigNode definition =
                ConfigNode.read(kamelet, "connector").require("spec").get("definition");
        ConfigNode properties = definition == null ? null : definition.get("properties");
        return properties == null ? List.of() : List.copyOf(properties.entries().keySet());
    }

    private static List<String> names(Path connectors) {
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.list(connectors)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(FILE_END))
                    .forEach(name -> names.add(name.substring(0, name.length() - FILE_END.length())));
        } catch (java.io.IOException e) {
            throw new UserError("connectors " + connectors + ": can't be read (" + e.getMessage() + ")", e);
        }
        return names;
    }
}
