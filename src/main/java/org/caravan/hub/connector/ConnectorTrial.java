package org.caravan.hub.connector;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;
import org.caravan.common.ConfigNode;
import org.caravan.common.Unreadable;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.caravan.invoice.ConnectorFiles;
import org.caravan.invoice.ConnectorName;
import org.caravan.invoice.document.DocumentKey;

/** Tries a connector's file in a context of its own, which is thrown away: nothing is sent, and nothing that runs notices. */
public final class ConnectorTrial {
    private ConnectorTrial() {}

    /**
     * What a file that can be used comes to.
     *
     * @param base the Kamelet's name without {@code -sink}
     * @param connectors those of this Kamelet: its targets, or itself
     * @param digest SHA-256 of the file
     * @param warnings what does not keep it from being used, such as a target that is down just now
     */
    public record Passed(String base, List<String> connectors, String digest, List<String> warnings) {}

    /**
     * Tries it.
     *
     * @param name a connector's; of several targets all are tried
     * @throws UserError if it can't be used, with file, line and reason
     */
    public static Passed of(HubConfig config, String name) {
        ConnectorName connector = ConnectorName.of(name);
        Path file = config.get(Settings.CONNECTORS).resolve(connector.file());
        ConnectorFiles files = HubConnectors.files(config);
        List<String> connectors = files.list().stream()
                .map(ConnectorFiles.Found::name)
                .filter(found -> ConnectorName.of(found).base().equals(connector.base()))
                .toList();
        for (String each : connectors.isEmpty() ? List.of(name) : connectors) {
            // no such file, or nothing that could be a connector
            files.find(each);
        }
        String text = text(file);
        ConfigNode kamelet = ConfigNode.read(file, "connector");
        ConfigNode named = kamelet.require("metadata").require("name");
        if (!named.text().equals(connector.kamelet())) {
            throw named.error(
                    "must be " + connector.kamelet() + ", as the file is called, found '" + named.text() + "'");
        }
        List<String> missing = Dependencies.missing(kamelet);
        if (!missing.isEmpty()) {
            throw new UserError(file + ": needs what is not there: " + String.join(", ", missing)
                    + "; put the jar, and what it needs itself, into lib/, then start the hub again");
        }
        KameletProperties.check(config, connector.kamelet());
        for (String each : connectors) {
            needs(file, files.look(each));
        }
        return new Passed(connector.base(), connectors, DocumentKey.sha256(text), run(config, file, text, connectors));
    }

    private static void needs(Path file, ConnectorFiles.Found found) {
        for (ConnectorFiles.Property property : found.properties()) {
            if (property.isMissing()) {
                throw new UserError(file + ": connector " + found.name() + " is not told what it needs: set "
                        + ConnectorName.of(found.name()).prefix() + property.name());
            }
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw Unreadable.of(file.toString(), e);
        }
    }

    /** @return warnings */
    private static List<String> run(HubConfig config, Path file, String text, List<String> connectors) {
        Map<String, String> said = HubConnectors.said(config);
        Main main = ConnectorCamel.main(config, new ConnectorProperties(said));
        main.configure().withName("caravan-trial");
        List<String> warnings = new ArrayList<>();
        try {
            main.start();
            CamelContext context = main.getCamelContext();
            context.setSourceLocationEnabled(true);
            for (String name : connectors) {
                try {
                    context.getEndpoint("kamelet:" + ConnectorName.of(name).uri() + "?noErrorHandler=true");
                } catch (RuntimeException e) {
                    if (!isAway(e)) {
                        throw KameletFault.of(file, text, e);
                    }
                    warnings.add("connector " + name + " can't reach its target now: " + KameletFault.reason(e));
                }
            }
            return warnings;
        } finally {
            main.stop();
        }
    }

    /** True if the file may be right and only what it talks to is not there. */
    private static boolean isAway(Throwable error) {
        for (Throwable cause = error; cause != null && cause.getCause() != cause; cause = cause.getCause()) {
            if (cause instanceof SQLException
                    || cause instanceof java.net.SocketException
                    || cause instanceof java.net.SocketTimeoutException
                    || cause instanceof java.net.UnknownHostException) {
                return true;
            }
        }
        return false;
    }
}
