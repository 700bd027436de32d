package org.caravan.hub.connector;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.caravan.common.ConfigNode;
import org.caravan.common.UserError;
import org.caravan.invoice.adapter.AdapterSettings;

/**
 * The same as YAML: sections are maps. An adapter is told texts, so a value below another is told as {@code rates.file}, and a
 * list of texts with commas, {@code location,type,cost}; numbers and flags as they are written.
 */
final class ArtificeYaml {
    private ArtificeYaml() {}

    /** @throws UserError if it can't be read, or names no adapter */
    static AdapterSettings read(Path file) {
        ConfigNode top = ConfigNode.read(file, "caravan.invoice.file");
        ConfigNode main = top.get(ArtificeFile.MAIN);
        String object = main == null ? null : main.text(ArtificeFile.OBJECT, null);
        if (object == null || object.isBlank()) {
            throw new UserError(file + ": names no adapter; write invoice:object: \"module:Class\" below main:");
        }
        Map<String, String> config = new LinkedHashMap<>();
        top.entries().forEach((section, node) -> {
            if (ArtificeFile.OWN.contains(section) && !node.isNull()) {
                node.entries().forEach((key, value) -> tell(config, key, value));
            }
        });
        return new AdapterSettings(object, config);
    }

    private static void tell(Map<String, String> config, String key, ConfigNode value) {
        if (value.isMap()) {
            value.entries().forEach((name, inner) -> tell(config, key + "." + name, inner));
        } else if (value.isList()) {
            config.put(key, value.list().stream().map(ArtificeYaml::item).collect(Collectors.joining(",")));
        } else {
            config.put(key, value.isNull() ? "" : value.text());
        }
    }

    private static String item(ConfigNode item) {
        if (item.text().contains(",")) {
            throw item.error("a text of a list must not hold a comma, which parts the texts that the adapter is told");
        }
        return item.text();
    }
}
