package org.caravan.metering;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The first line of a CSV, and which row understands the lines behind it. */
final class CsvHeader {
    /** Columns that a file with a mapping may have. */
    private static final int MAX_MAPPED = 2_000;

    private final String text;

    private CsvHeader(String text) {
        this.text = text;
    }

    /**
     * Reads the header line and finds the row: Caravan's own columns, or else the first mapping whose columns are all there.
     *
     * @param name the input's name for messages
     * @throws RefusedUsage if there is no header, or no mapping for it
     */
    static Row open(LineBuffer lines, MeteringSettings settings, String name) throws IOException {
        CsvHeader header = read(lines, settings, name);
        List<String> own = header.columns(',', settings.maxMetadataFields() + Row.NAMES.length + 1);
        if (settings.mappings().isEmpty() || own != null && CsvRow.isOwn(own, settings)) {
            return CsvRow.of(header.text, own, settings, name);
        }
        List<String> reasons = new ArrayList<>();
        for (CsvMapping mapping : settings.mappings()) {
            List<String> columns = header.columns(mapping.separator(), MAX_MAPPED + 1);
            if (columns == null || columns.size() > MAX_MAPPED) {
                reasons.add(mapping.file() + " (no header of at most " + MAX_MAPPED + " columns)");
                continue;
            }
            List<String> missing = mapping.missing(columns);
            if (missing.isEmpty()) {
                return MappedRow.of(mapping, header.text, columns, settings, name);
            }
            reasons.add(mapping.file() + " (missing in the header line: " + String.join(", ", missing) + ")");
        }
        throw new RefusedUsage(
                name + ": its columns are neither Caravan's own nor those of a mapping: " + String.join("; ", reasons));
    }

    private static CsvHeader read(LineBuffer lines, MeteringSettings settings, String name) throws IOException {
        if (!lines.next() || lines.to == lines.from) {
            throw new RefusedUsage(name + (lines.line == 0 ? " is empty" : ": line 1 is blank")
                    + "; the first line must name the columns: id," + String.join(",", CsvRow.REQUIRED));
        }
        if (lines.tooLong) {
            throw new RefusedUsage(name + ": line 1, the header, is longer than " + settings.maxLineBytes() + " bytes");
        }
        if (lines.unusual && !new Utf8().isValid(lines.bytes, lines.from, lines.to)) {
            throw new RefusedUsage(name + ": line 1, the header, is not UTF-8 text; save the file as UTF-8");
        }
        return new CsvHeader(new String(lines.bytes, lines.from, lines.to - lines.from, StandardCharsets.UTF_8));
    }

    /** The first cells, or null if it is no line of a CSV. */
    private List<String> columns(char separator, int most) {
        QuotedLine line = new QuotedLine(most, separator);
        int cells = line.read(text);
        List<String> columns = new ArrayList<>();
        for (int i = 0, from = 0; i < Math.min(cells, most); i++) {
            columns.add(new String(line.text.bytes, from, line.ends[i] - from, StandardCharsets.UTF_8));
            from = line.ends[i] + 1;
        }
        return cells < 0 ? null : columns;
    }
}
