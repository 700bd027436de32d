package org.caravan.hub.check;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.caravan.common.ConfigNode;
import org.caravan.common.Nearest;
import org.caravan.common.UserError;
import org.caravan.hub.check.CheckFinding.Level;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.connector.ConnectorTrial;
import org.caravan.hub.connector.Dependencies;
import org.caravan.hub.connector.HubConnectors;
import org.caravan.hub.connector.KameletProperties;
import org.caravan.invoice.ConnectorFiles;
import org.caravan.invoice.ConnectorName;
import org.caravan.invoice.SecretFile;

/** The connectors: what they are told against what they declare, whether they can be made, whether their targets listen. */
public final class ConnectorLook {
    private static final String AREA = "connectors";

    private HubConfig config;
    private final CheckReport report;
    private final Set<String> named;
    private final Duration limit;

    /**
     * @param named connectors that documents go to, as far as accounts name them
     * @param limit longest wait for a target
     */
    public ConnectorLook(HubConfig config, CheckReport report, Set<String> named, Duration limit) {
        this.config = config;
        this.report = report;
        this.named = named;
        this.limit = limit;
    }

    /** Adds what each of them comes to. */
    public void look() {
        report.look(Level.WRONG, AREA, "camel.kamelet", () -> {
            Set<String> wrong = new HashSet<>();
            KameletProperties.check(config, error -> {
                String key = CheckReport.thing(error.getMessage());
                report.add(Level.WRONG, AREA, key, error);
                wrong.add(key);
            });
            // what else is wrong shows without them
            config = config.without(wrong);
            return null;
        });
        report.look(Level.WRONG, AREA, "caravan.connectors", () -> {
            ConnectorFiles files = HubConnectors.files(config);
            List<ConnectorFiles.Found> all = files.list();
            all.forEach(this::look);
            List<String> names = all.stream().map(ConnectorFiles.Found::name).toList();
            for (String name : named) {
                if (!names.contains(name)) {
                    report.add(
                            Level.WRONG,
                            AREA,
                            name,
                            "accounts name the connector '" + name + "', which is not there"
                                    + Nearest.hint(name, names),
                            "correct its name in the accounts file, or put its file into the connectors' directory");
                }
            }
            return null;
        });
    }

    private void look(ConnectorFiles.Found found) {
        String name = found.name();
        if (found.error() != null) {
            report.add(Level.WRONG, AREA, name, new UserError(found.error()));
            return;
        }
        boolean used = named.contains(name) || isTold(found) || name.contains("/");
        List<String> missing = found.properties().stream()
                .filter(ConnectorFiles.Property::isMissing)
                .map(ConnectorFiles.Property::name)
                .toList();
        if (!used && !missing.isEmpty()) {
            report.look(Level.WARNING, AREA, name, () -> {
                List<String> absent = Dependencies.missing(ConfigNode.read(found.file(), "connector"));
                return absent.isEmpty()
                        ? "is not used: nothing is told to it"
                        : "is not used, and could not be: it needs " + String.join(", ", absent);
            });
            return;
        }
        report.ask(Level.WRONG, AREA, name, limit.plus(limit), () -> {
            ConnectorTrial.Passed passed = ConnectorTrial.of(config, name);
            passed.warnings()
                    .forEach(warning -> report.add(
                            Level.FAILED,
                            "targets",
                            name,
                            warning,
                            "see that it runs, and that what the connector is told is right"));
            return "can be used";
        });
        targets(found);
    }

    private static boolean isTold(ConnectorFiles.Found found) {
        return found.properties().stream().anyMatch(property -> property.said() && property.required());
    }

    /** Addresses that the connector is told, tried; each once. */
    private void targets(ConnectorFiles.Found found) {
        Map<Reach, String> targets = new LinkedHashMap<>();
        for (String value : values(found)) {
            try {
                Reach.of(SecretFile.resolved(value)).ifPresent(reach -> targets.putIfAbsent(reach, value));
            } catch (UserError e) {
                // the trial has said it
                continue;
            }
        }
        targets.keySet()
                .forEach(target -> report.ask(
                        Level.FAILED, "targets", found.name(), limit.plusSeconds(1), () -> target.look(limit)));
        for (ConnectorFiles.Property property : found.properties()) {
            if (property.name().equals("directory") && property.value() != null) {
                report.look(Level.FAILED, "targets", found.name(), () -> directory(property.value()));
            }
        }
    }

    private List<String> values(ConnectorFiles.Found found) {
        List<String> values = new ArrayList<>();
        found.properties().stream()
                .filter(property -> property.said() && property.value() != null)
                .forEach(property -> values.add(property.value()));
        if (ConnectorName.of(found.name()).base().equals("adapter")) {
            HubConnectors.adapter(config)
                    .ifPresent(adapter -> values.addAll(adapter.config().values()));
        }
        return values;
    }

    private static String directory(String text) {
        java.nio.file.Path directory = java.nio.file.Path.of(text).toAbsolutePath();
        if (Files.isDirectory(directory)) {
            if (!Files.isWritable(directory)) {
                throw new UserError(
                        1,
                        "directory " + directory + " may not be written by this user; change its mode or owner",
                        null);
            }
            return "writes to " + directory;
        }
        java.nio.file.Path parent = directory.getParent();
        if (parent == null || !Files.isWritable(parent)) {
            throw new UserError(
                    1,
                    "directory " + directory + " is not there, and can't be made; make it, writable by this user",
                    null);
        }
        return "writes to " + directory + ", which the start makes";
    }
}
