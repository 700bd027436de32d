package org.caravan.common;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A value in a YAML or JSON file that remembers where it stands, so that every complaint names file, line and key.
 *
 * <p>A map is read key by key; {@link #noOtherKeys()} then refuses what nobody asked for. Numbers are read from their
 * literal text, never through a binary floating point number. Aliases are refused, and files are bounded.
 */
public final class ConfigNode {
    /** A larger configuration file is refused. */
    public static final int MAX_FILE_BYTES = 16 << 20;

    private final String file;
    private final String key;
    private final Node node;
    private final int line;
    private final Map<String, ConfigNode> children;
    private final Set<String> asked = new LinkedHashSet<>();

    private ConfigNode(String file, String key, Node node, int line) {
        this.file = file;
        this.key = key;
        this.node = node;
        this.line = line;
        this.children = node instanceof MappingNode map ? children(map) : Map.of();
    }

    /**
     * Reads a file whose top is a map.
     *
     * @param what what the file is, for messages: {@code tariff}, {@code meters file}
     * @throws UserError if the file is missing, unreadable, too large or not well formed
     */
    public static ConfigNode read(Path path, String what) {
        if (!Files.isRegularFile(path)) {
            throw new UserError(what + " " + path + ": no such file; give the path of a YAML or JSON file");
        }
        try {
            if (Files.size(path) > MAX_FILE_BYTES) {
                throw new UserError(what + " " + path + ": larger than " + MAX_FILE_BYTES + " bytes");
            }
            return parse(Files.readString(path, StandardCharsets.UTF_8), path.toString(), what);
        } catch (IOException e) {
            throw Unreadable.of(what + " " + path, e);
        }
    }

    /** As {@link #read}, from a text; {@code file} is the name used in messages. */
    public static ConfigNode parse(String text, String file, String what) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setAllowDuplicateKeys(false)
                .setMaxAliasesForCollections(0)
                .setCodePointLimit(MAX_FILE_BYTES)
                .build();
        try {
            Node root = new Compose(settings)
                    .composeString(text)
                    .orElseThrow(() -> new UserError(what + " " + file + ": the file is empty"));
            ConfigNode top = new ConfigNode(file, "", root, line(root));
            if (!(root instanceof MappingNode)) {
                throw top.error("expected a map of keys at the top of the " + what);
            }
            return top;
        } catch (MarkedYamlEngineException e) {
            String at = e.getProblemMark().map(m -> ":" + (m.getLine() + 1)).orElse("");
            throw new UserError(file + at + ": not well-formed YAML or JSON: " + e.getProblem(), e);
        } catch (YamlEngineException | StackOverflowError e) {
            throw new UserError(file + ": not well-formed YAML or JSON: " + firstLine(e.getMessage()), e);
        }
    }

    // ---- maps ----------------------------------------------------------------------------------------------------

    /** The value under a key, or null where the key is absent or its value is null. */
    public ConfigNode get(String name) {
        mustBeMap();
        asked.add(name);
        ConfigNode child = children.get(name);
        return child == null || child.isNull() ? null : child;
    }

    /** The value under a key that must be there. */
    public ConfigNode require(String name) {
        ConfigNode child = get(name);
        if (child == null) {
            throw error("key '" + name + "' is missing");
        }
        return child;
    }

    /** Every key with its value, in file order; all count as asked for. */
    public Map<String, ConfigNode> entries() {
        mustBeMap();
        asked.addAll(children.keySet());
        return children;
    }

    /** Refuses the keys of this map that no one asked for, naming the nearest known one. */
    public void noOtherKeys() {
        for (Map.Entry<String, ConfigNode> child : children.entrySet()) {
            if (!asked.contains(child.getKey())) {
                throw child.getValue()
                        .error("unknown key '" + child.getKey() + "'" + Nearest.hint(child.getKey(), asked)
                                + "; known keys: " + String.join(", ", asked));
            }
        }
    }

    /** Text under a key, or the default. */
    public String text(String name, String otherwise) {
        ConfigNode child = get(name);
        return child == null ? otherwise : child.text();
    }

    /** Decimal under a key, or the default. */
    public BigDecimal decimal(String name, BigDecimal otherwise) {
        ConfigNode child = get(name);
        return child == null ? otherwise : child.decimal();
    }

    /** Boolean under a key, or the default. */
    public boolean flag(String name, boolean otherwise) {
        ConfigNode child = get(name);
        return child == null ? otherwise : child.flag();
    }

    /** List under a key, empty where absent. */
    public List<ConfigNode> list(String name) {
        ConfigNode child = get(name);
        return child == null ? List.of() : child.list();
    }

    // ---- values --------------------------------------------------------------------------------------------------

    /** True for a map. */
    public boolean isMap() {
        return node instanceof MappingNode;
    }

    /** True for a list. */
    public boolean isList() {
        return node instanceof SequenceNode;
    }

    /** True for an explicit null or an empty value. */
    public boolean isNull() {
        return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
    }

    /** The elements of a list. */
    public List<ConfigNode> list() {
        if (!(node instanceof SequenceNode sequence)) {
            throw error("expected a list, found " + found());
        }
        List<ConfigNode> elements = new ArrayList<>();
        int index = 0;
        for (Node element : sequence.getValue()) {
            elements.add(new ConfigNode(file, key + "[" + index++ + "]", element, line(element)));
        }
        return elements;
    }

    /** A scalar as written: numbers and booleans keep their literal. */
    public String text() {
        if (!(node instanceof ScalarNode scalar) || isNull()) {
            throw error("expected a text, found " + found());
        }
        return scalar.getValue();
    }

    /** A decimal, quoted or plain. */
    public BigDecimal decimal() {
        String text = text().trim();
        try {
            return Decimals.parse(text);
        } catch (NumberFormatException e) {
            throw error("expected a decimal number such as 0.048, found '" + text + "'");
        }
    }

    /** true or false. */
    public boolean flag() {
        return switch (text()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw error("expected true or false, found '" + text() + "'");
        };
    }

    /** One of the given words. */
    public String oneOf(String... words) {
        String text = text();
        for (String word : words) {
            if (word.equals(text)) {
                return text;
            }
        }
        throw error("expected one of " + String.join(", ", words) + ", found '" + text + "'"
                + Nearest.hint(text, List.of(words)));
    }

    /** A texts list: a list of scalars, or a single scalar. */
    public List<String> texts() {
        return isList() ? list().stream().map(ConfigNode::text).toList() : List.of(text());
    }

    // ---- places --------------------------------------------------------------------------------------------------

    /** An error that names this value's file, line and key; throw it. */
    public UserError error(String problem) {
        return new UserError(where() + problem);
    }

    /** {@code file:line: key: }, for a warning. */
    public String where() {
        return file + ":" + line + ": " + (key.isEmpty() ? "" : key + ": ");
    }

    /** The key's path from the top, {@code services.instance.mappings[0].cost}. */
    public String key() {
        return key;
    }

    /** Line in the file, from 1. */
    public int line() {
        return line;
    }

    private void mustBeMap() {
        if (!isMap()) {
            throw error("expected a map of keys, found " + found());
        }
    }

    private String found() {
        if (isMap()) {
            return "a map";
        }
        if (isList()) {
            return "a list";
        }
        return isNull() ? "nothing" : "'" + ((ScalarNode) node).getValue() + "'";
    }

    private Map<String, ConfigNode> children(MappingNode map) {
        Map<String, ConfigNode> result = new LinkedHashMap<>();
        for (NodeTuple tuple : map.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
                throw new UserError(file + ":" + line(tuple.getKeyNode()) + ": a key must be a text");
            }
            String path = key.isEmpty() ? name.getValue() : key + "." + name.getValue();
            ConfigNode child = new ConfigNode(file, path, tuple.getValueNode(), line(name));
            if (result.put(name.getValue(), child) != null) {
                throw child.error("the key stands here a second time");
            }
        }
        return result;
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }

    private static String firstLine(String message) {
        return message == null ? "unreadable" : message.lines().findFirst().orElse("unreadable");
    }
}
