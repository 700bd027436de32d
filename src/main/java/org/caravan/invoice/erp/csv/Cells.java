package org.caravan.invoice.erp.csv;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * Writes rows in the "excel" dialect: quotes only where needed, CRLF.
 *
 * <p>Text that a spreadsheet would take for a formula gets an apostrophe before it. Numbers never do: -5.00 is a number.
 */
final class Cells {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String FORMULA_STARTS = "=+-@\t\r";

    private final CSVPrinter printer;

    Cells(Appendable out, char delimiter) {
        try {
            printer = new CSVPrinter(
                    out, CSVFormat.EXCEL.builder().setDelimiter(delimiter).get());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One row; null is an empty cell. Cells are made by {@link #text}, {@link #number} and {@link #time}, or constant. */
    void row(String... cells) {
        try {
            for (String cell : cells) {
                // null, not "": the printer would quote an empty text at the start of a row
                printer.print(cell == null || cell.isEmpty() ? null : cell);
            }
            printer.println();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
