package org.caravan.hub.backup;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.caravan.common.Decimals;
import org.caravan.common.Nearest;
import org.caravan.common.UserError;
import org.caravan.invoice.FoundDocument;
import org.caravan.invoice.Recovery;

/** What a person lists of a connector that can't be asked: a CSV file with a header. */
final class HandList implements Recovery.Listing {
    private static final List<String> COLUMNS =
            List.of("number", "key", "account", "month", "currency", "total", "reference");

    private final Path file;

    HandList(Path file) {
        this.file = file;
        // all of it is looked at before any of it counts
        list(null, found -> {});
    }

    @Override
    public void list(String issuer, Consumer<FoundDocument> to) {
        try (CsvReader<NamedCsvRecord> rows = CsvReader.builder().ofNamedCsvRecord(file)) {
            for (NamedCsvRecord row : rows) {
                checkHeader(row.getHeader());
                to.accept(found(row));
            }
        } catch (IOException | de.siegmar.fastcsv.reader.CsvParseException e) {
            throw new UserError("list " + file + ": can't be read (" + e.getMessage() + ")", e);
        }
    }

    private void checkHeader(List<String> header) {
        Set<String> seen = new HashSet<>();
        for (String column : header) {
            if (!COLUMNS.contains(column) || !seen.add(column)) {
                throw new UserError("list " + file + ": column '" + column + "' is unknown or stands twice"
                        + Nearest.hint(column, COLUMNS) + "; known: " + String.join(", ", COLUMNS));
            }
        }
        if (!seen.contains("number")) {
            throw new UserError("list " + file + ": column 'number' is missing; known: " + String.join(", ", COLUMNS));
        }
    }

    private FoundDocument found(NamedCsvRecord row) {
        String number = cell(row, "number");
        if (number == null) {
            throw problem(row, "no number");
        }
        try {
            String month = cell(row, "month");
            String total = cell(row, "total");
            return new FoundDocument(
                    number,
                    cell(row, "key"),
                    cell(row, "account"),
                    month == null ? null : YearMonth.parse(month),
                    cell(row, "currency"),
                    total == null ? null : Decimals.parse(total),
                    cell(row, "reference"));
        } catch (DateTimeException e) {
            throw problem(row, "month is not one such as 2026-10");
        } catch (NumberFormatException e) {
            throw problem(row, "total is no decimal number");
        }
    }

    private static String cell(NamedCsvRecord row, String column) {
        return row.findField(column)
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .orElse(null);
    }

    private UserError problem(NamedCsvRecord row, String problem) {
        return new UserError("list " + file + ", line " + row.getStartingLineNumber() + ": " + problem);
    }
}
