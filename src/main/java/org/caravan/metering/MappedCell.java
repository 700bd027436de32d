package org.caravan.metering;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.caravan.common.ConfigNode;

/**
 * What one field of a record is made of, as a mapping file says: a column, the first of several that is not empty, a constant,
 * a template, or (an id) a digest of columns; and how a number or a time is written there.
 *
 * @param columns the columns, in the order in which they are tried, filled in or digested
 * @param template the texts around the columns, one more than these; null where it is no template
 * @param constant what it always is, or null
 * @param otherwise what it is where its columns are empty, or null
 * @param digest true if it is a digest of its columns
 * @param occurrence true if equal digests of one file are told apart by a number
 * @param decimal the decimal mark of numbers
 * @param grouping the mark between thousands, or 0
 * @param unsigned true if a minus sign does not count
 * @param time how times are written; null where as Caravan's own
 * @param where file and line that say so
 */
record MappedCell(
        List<String> columns,
        List<String> template,
        String constant,
        String otherwise,
        boolean digest,
        boolean occurrence,
        char decimal,
        char grouping,
        boolean unsigned,
        MappedTime time,
        String where) {
    /** What a field is. */
    enum Kind {
        ID,
        TEXT,
        NUMBER,
        TIME
    }

    MappedCell {
        columns = List.copyOf(columns);
    }

    /** One that is a column as it stands there. */
    static MappedCell column(ConfigNode name) {
        return new MappedCell(
                List.of(name.text()), null, null, null, false, false, '.', (char) 0, false, null, place(name));
    }

    /** @throws org.caravan.common.UserError naming file, line and key */
    static MappedCell read(ConfigNode node, Kind kind) {
        if (!node.isMap()) {
            return column(node);
        }
        ConfigNode column = node.get("column");
        ConfigNode constant = node.get("constant");
        ConfigNode template = node.get("template");
        ConfigNode digest = kind == Kind.ID ? node.get("digest") : null;
        int said = (column == null ? 0 : 1)
                + (constant == null ? 0 : 1)
                + (template == null ? 0 : 1)
                + (digest == null ? 0 : 1);
        if (said != 1) {
            throw node.error("say one of column, constant, template" + (kind == Kind.ID ? " or digest" : ""));
        }
        List<String> columns = new ArrayList<>();
        List<String> texts = null;
        if (column != null) {
            columns.addAll(column.texts());
        } else if (digest != null) {
            columns.addAll(digest.texts());
        } else if (template != null) {
            texts = parts(template, columns);
        }
        char decimal = kind == Kind.NUMBER ? mark(node, "decimal", '.', ".,") : '.';
        char grouping = kind == Kind.NUMBER ? mark(node, "grouping", (char) 0, ".,' ") : 0;
        if (decimal == grouping) {
            throw node.error("decimal and grouping are the same mark");
        }
        MappedCell cell = new MappedCell(
                columns,
                texts,
                constant == null ? null : constant.text(),
                node.text("otherwise", null),
                digest != null,
                digest != null && node.flag("occurrence", false),
                decimal,
                grouping,
                kind == Kind.NUMBER && unsigned(node.get("sign")),
                kind == Kind.TIME ? MappedTime.read(node) : null,
                place(node));
        node.noOtherKeys();
        return cell;
    }

    private static boolean unsigned(ConfigNode sign) {
        return sign != null && sign.oneOf("keep", "drop").equals("drop");
    }

    private static char mark(ConfigNode node, String key, char otherwise, String allowed) {
        ConfigNode mark = node.get(key);
        if (mark == null) {
            return otherwise;
        }
        if (mark.text().length() != 1 || allowed.indexOf(mark.text()) < 0) {
            throw mark.error("expected one of the marks " + String.join(" ", allowed.split("")) + ", found '"
                    + mark.text() + "'");
        }
        return mark.text().charAt(0);
    }

    private static List<String> parts(ConfigNode template, List<String> columns) {
        List<String> texts = new ArrayList<>();
        String rest = template.text();
        while (true) {
            int open = rest.indexOf('{');
            int close = rest.indexOf('}', open);
            if (open < 0) {
                break;
            }
            if (close < open + 2) {
                throw template.error("'" + template.text() + "' is no template: write columns as {Column}");
            }
            texts.add(rest.substring(0, open));
            columns.add(rest.substring(open + 1, close));
            rest = rest.substring(close + 1);
        }
        if (columns.isEmpty() || rest.indexOf('}') >= 0) {
            throw template.error("'" + template.text() + "' is no template: write columns as {Column}");
        }
        texts.add(rest);
        return texts;
    }

    private static String place(ConfigNode node) {
        return node.where().replaceFirst(": .*$", "").replaceFirst(":\\s*$", "");
    }

    /** True where numbers are not written as Caravan's own. */
    boolean writesNumbersOtherwise() {
        return decimal != '.' || grouping != 0;
    }

    /** A number as Caravan writes it; null if it is not written as the mapping says. */
    String number(String text) {
        String mark = Pattern.quote(Character.toString(decimal));
        String thousands = grouping == 0 ? "" : Pattern.quote(Character.toString(grouping));
        String whole = grouping == 0 ? "\\d+" : "(\\d+|\\d{1,3}(" + thousands + "\\d{3})+)";
        if (!text.matches("[+-]?" + whole + "(" + mark + "\\d+)?")) {
            return null;
        }
        String digits = grouping == 0 ? text : text.replace(Character.toString(grouping), "");
        return digits.replace(decimal, '.').replaceFirst("^[+]", "");
    }
}
