package org.caravan.invoice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.caravan.common.ConfigNode;
import org.caravan.common.Nearest;
import org.caravan.common.UserError;

/** The connectors of a directory, where no Camel context is at hand to ask. */
public final class ConnectorFiles {
    private static final String END = "-sink.kamelet.yaml";

    private final Path directory;

    public ConnectorFiles(Path directory) {
        this.directory = directory;
    }

    /**
     * A property that a connector can't do without.
     *
     * @param hasDefault true if it need not be said
     */
    public record Property(String name, boolean hasDefault) {}

    /**
     * A connector's file.
     *
     * @param info null if it can't be read
     * @param title for people; empty if it has none
     * @param required in the order of the file; empty if it can't be read
     * @param error why it can't be read, naming the place; null if it can
     */
    public record Found(
            String name, Path file, ConnectorInfo info, String title, List<Property> required, String error) {
        public Found {
            required = List.copyOf(required);
        }
    }

    /** All of them by name, also those that can't be read. */
    public List<Found> list() {
        List<Found> found = new ArrayList<>();
        for (String name : names()) {
            Path file = directory.resolve(name + END);
            try {
                ConnectorInfo.checkName(name);
                found.add(read(name, file));
            } catch (UserError e) {
                found.add(new Found(name, file, null, "", List.of(), e.getMessage()));
            }
        }
        return found;
    }

    /**
     * One of them.
     *
     * @throws UserError if there is none, naming the nearest, or it can't be read
     */
    public ConnectorInfo find(String name) {
        ConnectorInfo.checkName(name);
        Path file = directory.resolve(name + END);
        if (!Files.isRegularFile(file)) {
            throw new UserError("connector '" + name + "': no " + file.getFileName() + " in " + directory
                    + Nearest.hint(name, names()) + "; caravan connector list shows what there is");
        }
        return read(name, file).info();
    }

    private static Found read(String name, Path file) {
        ConfigNode kamelet = ConfigNode.read(file, "connector");
        ConnectorInfo info = ConnectorInfo.of(name, kamelet);
        ConfigNode spec = kamelet.get("spec");
        ConfigNode definition = spec == null ? null : spec.get("definition");
        List<Property> required = new ArrayList<>();
        if (definition != null) {
            ConfigNode properties = definition.get("properties");
            for (ConfigNode node : definition.list("required")) {
                ConfigNode declared = properties == null ? null : properties.get(node.text());
                required.add(new Property(node.text(), declared != null && declared.get("default") != null));
            }
        }
        String title = definition == null ? "" : definition.text("title", "");
        return new Found(name, file, info, title, required, null);
    }

    private List<String> names() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(END))
                    .map(name -> name.substring(0, name.length() - END.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UserError("connectors " + directory + ": can't be read (" + e.getMessage() + ")", e);
        }
    }
}
