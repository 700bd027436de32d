package org.caravan.invoice;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.caravan.common.ConfigNode;
import org.caravan.common.UserError;

/** Finds what a connector declares: a {@link ConnectorInfo} bean, else the annotations of its Kamelet. */
final class ConnectorCatalog {
    private final CamelContext context;
    private final List<String> locations;

    /**
     * @param locations resource folders, separated by commas
     */
    ConnectorCatalog(CamelContext context, String locations) {
        this.context = context;
        this.locations = List.of(locations.split("\\s*,\\s*"));
    }

    /**
     * Reads it anew each time: it is small, asked for once a round, and an edited connector must count at once.
     *
     * @throws UserError if there is none, or its Kamelet can't be read
     */
    ConnectorInfo find(String name) {
        ConnectorInfo.checkName(name);
        for (ConnectorInfo declared : context.getRegistry().findByType(ConnectorInfo.class)) {
            if (declared.name().equals(name)) {
                return declared;
            }
        }
        String file = name + "-sink.kamelet.yaml";
        for (String location : locations) {
            Resource resource = PluginHelper.getResourceLoader(context)
                    .resolveResource(location + (location.endsWith("/") ? "" : "/") + file);
            if (resource != null && resource.exists()) {
                return ConnectorInfo.parse(name, text(resource, name), resource.getLocation());
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
