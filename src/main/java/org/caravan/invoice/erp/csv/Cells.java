package org.caravan.invoice.erp.csv;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.Writer;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Writes rows in the "excel" dialect as the contract's files show it: quotes only where a cell holds a delimiter, a quote or a
 * line break, CRLF. commons-csv would also quote cells that end with a blank, such as the report's "usage range: ".
 *
 * <p>Text that a spreadsheet would take for a formula gets an apostrophe before it. Numbers never do: -5.00 is a number.
 */
final class Cells {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    /** Also as wide characters, which some spreadsheets take for the narrow ones. */
    private static final String FORMULA_STARTS = "=+-@\t\r\n＝＋－＠";

    private static final String[] NOTHING = {};

    private final CsvWriter writer;

    Cells(Writer out, char delimiter) {
        writer = CsvWriter.builder()
                .fieldSeparator(delimiter)
                .lineDelimiter(LineDelimiter.CRLF)
                .bufferSize(0)
                .build(out);
    }

    /** One row; null is an empty cell. Cells are made by {@link #text}, {@link #number} and {@link #time}, or constant. */
    void row(String... cells) {
        // a row of one empty cell is an empty line
        boolean blank = cells.length == 1 && (cells[0] == null || cells[0].isEmpty());
        writer.writeRecord(blank ? NOTHING : cells);
    }

    static String text(String value) {
        boolean formula = value != null && !value.isEmpty() && FORMULA_STARTS.indexOf(value.charAt(0)) >= 0;
        return formula ? "'" + value : value;
    }

    static String number(BigDecimal value) {
        return value == null ? null : value.toPlainString();
    }

    static String time(Instant value) {
        return TIME.format(value);
    }
}
