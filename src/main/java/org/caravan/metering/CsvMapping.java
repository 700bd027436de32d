package org.caravan.metering;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.caravan.common.ConfigNode;

/**
 * How the columns of a CSV of any make become usage records: from a mapping file, which docs/csv-mappings.md explains. The
 * columns that it takes from tell which files it is for.
 */
public final class CsvMapping {
    private static final List<String> FIELDS = Arrays.asList(Row.NAMES);
    private static final List<Integer> NEEDED =
            List.of(Row.TENANT, Row.RESOURCE, Row.METER, Row.QUANTITY, Row.BEGIN, Row.END);

    private final String file;
    private final char separator;
    private final MappedCell[] fields = new MappedCell[Row.NAMES.length];
    private final Map<String, MappedCell> metadata = new LinkedHashMap<>();
    private final List<Rule> expected = new ArrayList<>();
    private final List<Rule> passedOver = new ArrayList<>();
    private final MeterCatalog meters;

    /** Values of a column that decide of a row. */
    record Rule(String column, Set<String> values) {}

    private CsvMapping(ConfigNode top, String file) {
        this.file = file;
        this.separator = separator(top.get("separator"));
        ConfigNode fieldNodes = top.require("fields");
        for (String name : FIELDS) {
            ConfigNode node = fieldNodes.get(name);
            if (node != null) {
                fields[FIELDS.indexOf(name)] = MappedCell.read(node, kind(name));
            }
        }
        fieldNodes.noOtherKeys();
        for (int field : NEEDED) {
            if (fields[field] == null) {
                throw fieldNodes.error("field '" + Row.NAMES[field] + "' is missing: say which column it is in, or"
                        + " {constant: …}");
            }
        }
        ConfigNode metadataNode = top.get("metadata");
        if (metadataNode != null && metadataNode.isList()) {
            metadataNode.list().forEach(node -> metadata.put(node.text(), MappedCell.column(node)));
        } else if (metadataNode != null) {
            metadataNode
                    .entries()
                    .forEach((name, node) -> metadata.put(name, MappedCell.read(node, MappedCell.Kind.TEXT)));
        }
        rules(top.get("expect"), expected);
        rules(top.get("pass-over"), passedOver);
        this.meters = MeterCatalog.of(top, "meters");
        top.noOtherKeys();
    }

    /**
     * Reads a mapping file.
     *
     * @throws org.caravan.common.UserError naming file, line and key
     */
    public static CsvMapping read(Path file) {
        return new CsvMapping(ConfigNode.read(file, "mapping file"), file.toString());
    }

    /** As {@link #read}, from a text; {@code file} is the name used in messages. */
    public static CsvMapping parse(String text, String file) {
        return new CsvMapping(ConfigNode.parse(text, file, "mapping file"), file);
    }

    private static MappedCell.Kind kind(String field) {
        return switch (field) {
            case "id" -> MappedCell.Kind.ID;
            case "quantity", "price" -> MappedCell.Kind.NUMBER;
            case "begin", "end" -> MappedCell.Kind.TIME;
            default -> MappedCell.Kind.TEXT;
        };
    }

    private static char separator(ConfigNode node) {
        if (node == null) {
            return ',';
        }
        String text = node.text().equals("tab") ? "\t" : node.text();
        if (text.length() != 1 || ",;|\t".indexOf(text) < 0) {
            throw node.error("expected one of , ; | or tab, found '" + node.text() + "'");
        }
        return text.charAt(0);
    }

    private static void rules(ConfigNode node, List<Rule> rules) {
        if (node != null) {
            node.entries().forEach((column, values) -> rules.add(new Rule(column, Set.copyOf(values.texts()))));
        }
    }

    /** How messages name it. */
    String file() {
        return file;
    }

    char separator() {
        return separator;
    }

    /** What a field is made of, or null. */
    MappedCell field(int field) {
        return fields[field];
    }

    Map<String, MappedCell> metadata() {
        return metadata;
    }

    /** A row with another value is unusable. */
    List<Rule> expected() {
        return expected;
    }

    /** A row with such a value is no usage. */
    List<Rule> passedOver() {
        return passedOver;
    }

    /** The meters that it says something of. */
    public MeterCatalog meters() {
        return meters;
    }

    /** The columns that it takes from and a header lacks, each with the place that names it. */
    List<String> missing(List<String> columns) {
        List<String> missing = new ArrayList<>();
        List<MappedCell> cells = new ArrayList<>(metadata.values());
        Arrays.stream(fields).filter(cell -> cell != null).forEach(cells::add);
        for (MappedCell cell : cells) {
            for (String column : cell.columns()) {
                if (!columns.contains(column)) {
                    missing.add("column '" + column + "' (" + cell.where() + ")");
                }
            }
        }
        Set<String> ruled = new TreeSet<>();
        expected.forEach(rule -> ruled.add(rule.column()));
        passedOver.forEach(rule -> ruled.add(rule.column()));
        ruled.stream()
                .filter(column -> !columns.contains(column))
                .forEach(column -> missing.add("column '" + column + "' (" + file + ")"));
        return missing;
    }
}
