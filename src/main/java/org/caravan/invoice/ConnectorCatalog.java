package org.caravan.invoice;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
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
    private final Supplier<String> allTargets;
    private final ConnectorGate gate;

    /** As many as there are connectors. */
    private final Map<ConnectorName, ConnectorInfo> live = new ConcurrentHashMap<>();

    /**
     * @param locations resource folders, separated by commas
     * @param targets names of connectors with a target, separated by commas; answers null if every one is allowed
     */
    ConnectorCatalog(CamelContext context, String locations, Supplier<String> targets, ConnectorGate gate) {
        this.context = context;
        this.locations = split(locations);
        this.allTargets = targets;
        this.gate = gate;
    }

    private static List<String> split(String names) {
        return Arrays.stream(names.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** As Camel's Kamelets are told it. */
    private String said(String key) {
        return context.getPropertiesComponent().loadProperties(key::equals).getProperty(key);
    }

    /**
     * What a connector declares: one that is in use what it declared when Camel made its route, until it is applied anew; a
     * file that is being edited changes nothing of what runs.
     *
     * @throws UserError if there is none, or its Kamelet can't be read
     */
    ConnectorInfo find(String name) {
        ConnectorName connector = ConnectorName.of(name);
        ConnectorInfo inUse = gate.isMade(connector) ? live.get(connector) : null;
        if (inUse != null) {
            return inUse;
        }
        ConnectorInfo info = read(name, connector);
        live.put(connector, info);
        return info;
    }

    /** Lets all connectors of a Kamelet be read anew. */
    void forget(String kamelet) {
        live.keySet().removeIf(connector -> connector.kamelet().equals(kamelet));
    }

    private ConnectorInfo read(String name, ConnectorName connector) {
        for (ConnectorInfo declared : context.getRegistry().findByType(ConnectorInfo.class)) {
            if (declared.name().equals(name)) {
                return declared;
            }
        }
        List<String> targets = allTargets.get() == null ? null : split(allTargets.get());
        if (!connector.target().isEmpty() && targets != null && !targets.contains(name)) {
            throw new UserError("connector '" + name + "': no such target of " + connector.base()
                    + Nearest.hint(name, targets)
                    + "; name it in caravan.connectors, or correct the account's profile or"
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
