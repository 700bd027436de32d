package org.caravan.invoice;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.caravan.common.ConfigNode;
import org.caravan.common.Nearest;
import org.caravan.common.UserError;

/** Finds what a connector declares: a {@link ConnectorInfo} bean, else the annotations of its Kamelet. */
final class ConnectorCatalog {
    private final CamelContext context;
    private final List<String> locations;
    private final List<String> targets;

    /**
     * @param locations resource folders, separated by commas
     * @param targets names of connectors with a target, separated by commas; null if every one is allowed
     */
    ConnectorCatalog(CamelContext context, String locations, String targets) {
        this.context = context;
        this.locations = split(locations);
        this.targets = targets == null ? null : split(targets);
    }

    private static List<String> split(String names) {
        return Arrays.stream(names.split(",")).map(String::strip).filter(name -> !name.isEmpty()).toList();
    }

    /** As Camel's Kamelets are told it. */
    private String said(String key) {
        return context.getPropertiesComponent().loadProperties(key::equals).getProperty(key);
    }

    /**
     * Reads it anew each time: it is small, asked for once a round, and an edited connector must count at once.
     *
     * @throws UserError if there is none, or its Kamelet can't be read
     */
    ConnectorInfo find(String name) {
        ConnectorName connector = ConnectorName.of(name);
        for (ConnectorInfo declared : context.getRegistry().findByType(ConnectorInfo.class)) {
            if (declared.name().equals(name)) {
                return declared;
            }
        }
        if (!connector.target().isEmpty() && targets != null && !targets.contains(name)) {
            throw new UserError("connector '" + name + "': no such target of " + connector.base()
                    + Nearest.hint(name, targets) + "; name it in caravan.connectors, or correct the account's profile or"
                    + " the fan-out route, then retry the delivery");
        }
        String file = connector.file();
        for (String location : locations) {
            Resource resource = PluginHelper.getResourceLoader(context)
                    .resolveResource(location + (location.endsWith("/") ? "" : "/") + file);
            if (resource != null && resource.exists()) {
                ConfigNode kamelet = ConfigNode.parse(text(resource, name), resource.getLocation(), "connector");
                return ConnectorInfo.of(name, kamelet, this::said);
            }
        }
        throw new UserError("connector '" + name + "': no " + file + " in " + String.join(" or ", locations)
                + "; add it, or correct the account's profile or the fan-out route, then retry the delivery");
    }

    private static String text(Resource resource, String name) {
        try (InputStream in = resource.getInputStream()) {
            byte[] bytes = in.readNBytes(ConfigNode.MAX_FILE_BYTES + 1);
            if (bytes.length > ConfigNode.MAX_FILE_BYTES) {
                throw new UserError("connector '" + name + "': " + resource.getLocation() + " is larger than "
                        + ConfigNode.MAX_FILE_BYTES + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UserError(
                    "connector '" + name + "': " + resource.getLocation() + " can't be read (" + e.getMessage() + ")",
                    e);
        }
    }
}
