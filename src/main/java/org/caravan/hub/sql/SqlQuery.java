package org.caravan.hub.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.caravan.common.Nearest;

/**
 * What is selected: the fields of a record, its watermark and its tie-breaker, under names of our own.
 *
 * @param table a table, or a query in parentheses with a name
 * @param columns what each field is selected as, by the field's name; metadata as {@code metadata.NAME}
 */
public record SqlQuery(String table, Map<String, String> columns, String watermark, String tie) {
    /** What metadata begins with. */
    static final String METADATA = "metadata.";

    private static final List<String> FIELDS = List.of(
            "id", "realm", "tenant", "datacenter", "resource", "meter", "unit", "quantity", "begin", "end", "price");
    private static final List<String> NEEDED = List.of("tenant", "resource", "meter", "quantity", "begin", "end");

    public SqlQuery {
        columns = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    }

    /**
     * Reads {@code tenant=project_id, unit='hour', metadata.flavor=flavor}: a field and what SQL selects for it.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    public static Map<String, String> columns(String text) {
        Map<String, String> columns = new LinkedHashMap<>();
        for (String part : split(text)) {
            int equals = part.indexOf('=');
            String field = equals < 0 ? part.strip() : part.substring(0, equals).strip();
            String column = equals < 0 ? field : part.substring(equals + 1).strip();
            boolean metadata = field.startsWith(METADATA) && field.length() > METADATA.length();
            if (!metadata && !FIELDS.contains(field)) {
                throw new IllegalArgumentException("'" + field + "' is no field of a record"
                        + Nearest.hint(field, FIELDS) + "; metadata is written metadata.NAME=column");
            }
            if (column.isEmpty() || columns.put(field, column) != null) {
                throw new IllegalArgumentException(
                        "field '" + field + "' " + (column.isEmpty() ? "has no column" : "stands here twice"));
            }
        }
        List<String> missing =
                NEEDED.stream().filter(field -> !columns.containsKey(field)).toList();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "say which column each of these is in, too: " + String.join(", ", missing));
        }
        return columns;
    }

    /** At commas outside of quotes and parentheses. */
    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        char quote = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '(' || c == ')') {
                depth += c == '(' ? 1 : -1;
            } else if (c == ',' && depth == 0) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts.stream().map(String::strip).filter(part -> !part.isEmpty()).toList();
    }

    /** Of a first page: parameters {@code caravanLow} and {@code caravanHigh}. */
    public String first() {
        return select() + " where " + watermark + " >= :#caravanLow and " + watermark + " < :#caravanHigh" + order();
    }

    /** Of a page behind another: parameters {@code caravanHigh}, {@code caravanWatermark} and {@code caravanTie}. */
    public String next() {
        return select() + " where " + watermark + " < :#caravanHigh and (" + watermark + " > :#caravanWatermark or ("
                + watermark + " = :#caravanWatermark and " + tie + " > :#caravanTie))" + order();
    }

    /** The same columns, of no row. */
    String shape() {
        return select() + " where 1 = 0";
    }

    /** Rows to be tried, the newest first; as many as the statement allows. */
    String newestFirst() {
        return select() + " where " + watermark + " is not null order by " + watermark + " desc, " + tie + " desc";
    }

    private String select() {
        List<String> selected = new ArrayList<>();
        selected.add(watermark + " as c_watermark");
        selected.add(tie + " as c_tie");
        int number = 0;
        for (String column : columns.values()) {
            selected.add(column + " as c_" + number++);
        }
        return selected.stream().collect(Collectors.joining(", ", "select ", " from " + table));
    }

    private String order() {
        return " order by " + watermark + ", " + tie;
    }
}
