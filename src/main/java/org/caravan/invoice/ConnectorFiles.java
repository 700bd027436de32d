package org.caravan.invoice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.caravan.common.ConfigNode;
import org.caravan.common.Nearest;
import org.caravan.common.UserError;

/** The connectors of a directory, where no Camel context is at hand to ask. */
public final class ConnectorFiles {
    private final Path directory;
    private final UnaryOperator<String> said;
    private final List<String> targets;

    /**
     * @param said what connectors are told: the value of a key such as {@code camel.kamelet.http-sink.url}, or null
     * @param targets names of connectors that are one of several targets of a Kamelet ({@code http/acme})
     */
    public ConnectorFiles(Path directory, UnaryOperator<String> said, List<String> targets) {
        this.directory = directory;
        this.said = said;
        this.targets = List.copyOf(targets);
    }

    /**
     * A property that a connector declares.
     *
     * @param required true if the connector can't do without it
     * @param secret true if its value is never shown
     * @param value what holds; null if nothing is said and there is no default
     * @param said true if somebody said it, false if its default holds
     */
    public record Property(String name, boolean required, boolean secret, String value, boolean said) {
        /** True if the connector can't work before it is said. */
        public boolean isMissing() {
            return required && value == null;
        }
    }

    /**
     * A connector.
     *
     * @param info null if its file can't be read
     * @param title for people; empty if it has none
     * @param properties in the order of the file; empty if it can't be read
     * @param error why it can't be read, naming the place; null if it can
     */
    public record Found(
            String name, Path file, ConnectorInfo info, String title, List<Property> properties, String error) {
        public Found {
            properties = List.copyOf(properties);
        }
    }

    /** All of them by name, also those that can't be read; of a Kamelet with several targets each one. */
    public List<Found> list() {
        List<Found> found = new ArrayList<>();
        for (String base : names()) {
            List<String> ofBase = targets.stream()
                    .filter(target -> target.startsWith(base + "/"))
                    .sorted()
                    .toList();
            (ofBase.isEmpty() ? List.of(base) : ofBase).forEach(name -> found.add(look(name)));
        }
        return found;
    }

    /** One of them, also one that can't be read. */
    public Found look(String name) {
        Path file = directory;
        try {
            ConnectorName connector = ConnectorName.of(name);
            file = directory.resolve(connector.file());
            if (!Files.isRegularFile(file)) {
                throw new UserError("connector '" + name + "': no " + connector.file() + " in " + directory
                        + Nearest.hint(name, known()) + "; caravan connector list shows what there is");
            }
            if (!connector.target().isEmpty() && !targets.contains(name)) {
                throw new UserError("connector '" + name + "': no such target of " + connector.base()
                        + Nearest.hint(name, targets) + "; name it in caravan.connectors");
            }
            return read(connector, file);
        } catch (UserError e) {
            return new Found(name, file, null, "", List.of(), e.getMessage());
        }
    }

    /**
     * What one of them declares.
     *
     * @throws UserError if there is none, naming the nearest, or it can't be read
     */
    public ConnectorInfo find(String name) {
        Found found = look(name);
        if (found.error() != null) {
            throw new UserError(found.error());
        }
        return found.info();
    }

    private Found read(ConnectorName name, Path file) {
        ConfigNode kamelet = ConfigNode.read(file, "connector");
        ConnectorInfo info = ConnectorInfo.of(name.toString(), kamelet, said);
        ConfigNode spec = kamelet.get("spec");
        ConfigNode definition = spec == null ? null : spec.get("definition");
        if (definition == null) {
            return new Found(name.toString(), file, info, "", List.of(), null);
        }
        ConnectorSettings settings = new ConnectorSettings(name, kamelet, said);
        Set<String> required = new LinkedHashSet<>();
        definition.list("required").forEach(node -> required.add(node.text()));
        Set<String> all = new LinkedHashSet<>(settings.declared().keySet());
        all.addAll(required);
        List<Property> properties = new ArrayList<>();
        for (String property : all) {
            ConfigNode declared = settings.declared().get(property);
            boolean secret = declared != null
                    && declared.isMap()
                    && declared.text("format", "").equals("password");
            properties.add(new Property(
                    property,
                    required.contains(property),
                    secret,
                    settings.value(property),
                    settings.isSaid(property)));
        }
        return new Found(name.toString(), file, info, definition.text("title", ""), properties, null);
    }

    private List<String> known() {
        List<String> known = new ArrayList<>(names());
        known.addAll(targets);
        return known;
    }

    /** Names of the files, without their ending. */
    private List<String> names() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ConnectorName.FILE_END))
                    .map(name -> name.substring(0, name.length() - ConnectorName.FILE_END.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UserError("connectors " + directory + ": can't be read (" + e.getMessage() + ")", e);
        }
    }
}
