package org.caravan.metering;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.caravan.common.Nearest;

/**
 * A line of caravan-csv. One record a line: a quoted cell can't contain a line break.
 *
 * <p>A line without a quote is cut at its commas here; one with a quote is given to FastCSV, which owns the grammar, and
 * its cells are laid out again as if they had never been quoted. A stray quote so harms its own line only.
 */
final class CsvRow extends Row {
    static final String FORMAT = "caravan-csv";

    static final List<String> REQUIRED =
            List.of("tenant", "datacenter", "resource", "meter", "quantity", "unit", "begin", "end");
    private static final int[] KEY_FIELDS = {REALM, TENANT, DATACENTER, RESOURCE, METER, UNIT};
    private static final long COMMAS = Swar.repeat(',');
    private static final long QUOTES = Swar.repeat('"');

    private final String header;
    private final String[] columns;

    /** Fields that the header names, and in which column each stands. */
    private final int[] fields;

    private final int[] fieldColumns;

    /** True for the columns that are part of a key, for one meter or another. */
    private final boolean[] keyColumns;

    private final int[] metadataColumns;

    /** End of each cell of the current line. */
    private final int[] ends;

    private final QuotedLine quoted;
    private int start;

    private CsvRow(String header, List<String> columns) {
        this.header = header;
        this.columns = columns.toArray(String[]::new);
        this.ends = new int[this.columns.length];
        this.quoted = new QuotedLine(this.columns.length, ',');
        List<Integer> found = new ArrayList<>();
        List<Integer> metadata = new ArrayList<>();
        List<String> names = Arrays.asList(NAMES);
        for (int column = 0; column < this.columns.length; column++) {
            (names.contains(this.columns[column]) ? found : metadata).add(column);
        }
        this.fieldColumns = ints(found);
        this.fields = found.stream()
                .mapToInt(column -> names.indexOf(this.columns[column]))
                .toArray();
        this.metadataColumns = ints(metadata);
        this.keyColumns = new boolean[this.columns.length];
        for (int column : metadataColumns) {
            keyColumns[column] = true;
        }
        for (int i = 0; i < fields.length; i++) {
            int field = fields[i];
            keyColumns[fieldColumns[i]] = Arrays.stream(KEY_FIELDS).anyMatch(key -> key == field);
        }
        this.keyFrom = new int[this.columns.length];
        this.keyTo = new int[this.columns.length];
    }

    /** True if the columns are Caravan's own. */
    static boolean isOwn(List<String> columns, MeteringSettings settings) {
        return REQUIRED.stream()
                .allMatch(column -> columns.contains(column) || column.equals("tenant") && !settings.requireTenant());
    }

    /**
     * The row below a header.
     *
     * @param columns null if the header is no line of a CSV
     * @param name the input's name for messages
     * @throws RefusedUsage if a required column is missing
     */
    static CsvRow of(String header, List<String> columns, MeteringSettings settings, String name) {
        if (columns == null) {
            throw new RefusedUsage(name + ": line 1, the header, is no line of a CSV: a quote is not closed");
        }
        check(columns, settings, name);
        return new CsvRow(header, columns);
    }

    private static void check(List<String> columns, MeteringSettings settings, String name) {
        if (columns.size() > settings.maxMetadataFields() + NAMES.length) {
            throw new RefusedUsage(name + ": line 1, the header, has too many columns; at most "
                    + (settings.maxMetadataFields() + NAMES.length) + " are allowed");
        }
        for (String required : REQUIRED) {
            if (columns.contains(required) || (required.equals("tenant") && !settings.requireTenant())) {
                continue;
            }
            String only = columns.get(0);
            String hint = columns.size() == 1 && (only.contains(";") || only.contains("\t"))
                    ? "; columns must be separated by commas"
                    : Nearest.hint(
                                    required,
                                    columns.stream()
                                            .filter(c -> !REQUIRED.contains(c))
                                            .toList())
                            .replace("did you mean", "is it");
            throw new RefusedUsage(name + ": column '" + required + "' is missing in the header line" + hint);
        }
        for (int i = 0; i < columns.size(); i++) {
            String column = columns.get(i);
            if (column.isBlank() || Utf8.hasControl(column) || Utf8.isLonger(column, settings.maxTextLength())) {
                throw new RefusedUsage(name + ": line 1, the header: column " + (i + 1) + " has no usable name");
            }
            if (columns.indexOf(column) != i) {
                throw new RefusedUsage(name + ": column '" + column + "' stands in the header line twice; rename one");
            }
        }
    }

    @Override
    String format() {
        return FORMAT;
    }

    @Override
    String context() {
        return header;
    }

    @Override
    String read(RawText text) {
        bytes = text.bytes;
        start = text.from;
        unusual = text.unusual;
        int cells = split(bytes, text.from, text.to);
        if (cells < 0) {
            cells = quoted.read(new String(bytes, start, text.to - start, StandardCharsets.UTF_8));
            if (cells < 0) {
                return "a quote is not closed, or stands where none may (a quoted cell can't contain a line break)";
            }
            if (cells == columns.length) {
                layOut();
            }
        }
        if (cells != columns.length) {
            return cells + (cells == 1 ? " cell" : " cells") + " where the header has " + columns.length;
        }
        for (int i = 0; i < fields.length; i++) {
            int column = fieldColumns[i];
            from[fields[i]] = cellStart(column);
            to[fields[i]] = ends[column];
        }
        return null;
    }

    /** Finds the cells' ends; answers their number, or -1 if the line holds a quote. */
    private int split(byte[] text, int lineStart, int lineEnd) {
        int cells = 0;
        long quotes = 0;
        for (int i = lineStart; i < lineEnd; i += 8) {
            long word = Swar.word(text, i);
            long commas = Swar.matches(word, COMMAS);
            long quote = Swar.matches(word, QUOTES);
            if (lineEnd - i < 8) {
                long mask = Swar.below(lineEnd - i);
                commas &= mask;
                quote &= mask;
            }
            quotes |= quote;
            while (commas != 0) {
                if (cells < ends.length) {
                    ends[cells] = i + Swar.first(commas);
                }
                cells++;
                commas &= commas - 1;
            }
        }
        if (cells < ends.length) {
            ends[cells] = lineEnd;
        }
        return quotes != 0 ? -1 : cells + 1;
    }

    private int cellStart(int column) {
        return column == 0 ? start : ends[column - 1] + 1;
    }

    /**
     * Takes the cells of a quoted line over, so that equal texts have equal bytes. Where a cell of the key holds a comma,
     * no unquoted line can equal it, and LF separates instead: no cell can hold that.
     */
    private void layOut() {
        bytes = quoted.text.bytes;
        start = 0;
        System.arraycopy(quoted.ends, 0, ends, 0, ends.length);
        boolean commas = false;
        for (int column = 0; column < columns.length; column++) {
            commas |= keyColumns[column] && Utf8.contains(bytes, cellStart(column), ends[column], ',');
        }
        for (int column = 0; commas && column < columns.length - 1; column++) {
            bytes[ends[column]] = '\n';
        }
    }

    @Override
    void readKey(MeterEntry meter) {
        if (meter.plan == null) {
            meter.plan = runs(meter);
        }
        int[] runs = (int[]) meter.plan;
        keyBytes = bytes;
        keyRuns = runs.length / 2;
        for (int run = 0; run < keyRuns; run++) {
            keyFrom[run] = cellStart(runs[2 * run]);
            keyTo[run] = ends[runs[2 * run + 1]];
        }
    }

    /** Stretches of columns that make the key of a meter's records: first and last of each. */
    private int[] runs(MeterEntry meter) {
        List<Integer> runs = new ArrayList<>();
        boolean inRun = false;
        for (int column = 0; column < columns.length; column++) {
            boolean metadata = Arrays.binarySearch(metadataColumns, column) >= 0;
            if (!keyColumns[column] || (metadata && !meter.keeps(columns[column]))) {
                inRun = false;
            } else if (inRun) {
                runs.set(runs.size() - 1, column);
            } else {
                runs.add(column);
                runs.add(column);
                inRun = true;
            }
        }
        return ints(runs);
    }

    @Override
    void metadata(MeterEntry meter, Map<String, Object> into) {
        for (int column : metadataColumns) {
            int cell = cellStart(column);
            if (ends[column] > cell && meter.keeps(columns[column])) {
                into.put(columns[column], new String(bytes, cell, ends[column] - cell, StandardCharsets.UTF_8));
            }
        }
    }

    private static int[] ints(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }
}
