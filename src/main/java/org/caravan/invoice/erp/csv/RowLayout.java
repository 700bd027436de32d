package org.caravan.invoice.erp.csv;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.caravan.common.Decimals;
import org.caravan.common.Nearest;
import org.caravan.common.UserError;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.Document.Line;
import org.caravan.invoice.document.Document.Period;
import org.caravan.invoice.document.DocumentBuilder;

/**
 * Layout {@code rows}: a row per line, and one each for what stands between the lines and the total (rounding of sections,
 * discount, taxes) where it is not zero, so that the {@code cost} cells sum to the total. A credit note begins with a row
 * that says so and costs nothing.
 */
final class RowLayout implements Layout {
    /** The columns where nothing else is said. */
    static final String DEFAULT_COLUMNS = "location,product,type,start,end,amount,unit,rate,cost,currency";

    private static final String COST = "cost";
    private static final String TYPE = "type";
    private static final Map<String, Function<Row, String>> COLUMNS = columns();

    private final List<String> columns;
    private final boolean header;

    /** @throws UserError naming a column that does not exist, or cost missing */
    RowLayout(String columns, boolean header) {
        this.columns = Arrays.stream(columns.split(",")).map(String::trim).toList();
        this.header = header;
        for (String column : this.columns) {
            if (!COLUMNS.containsKey(column)) {
                throw new UserError("csv-directory: rowLayout: unknown column '" + column + "'"
                        + Nearest.hint(column, COLUMNS.keySet()) + "; known: " + String.join(", ", COLUMNS.keySet()));
            }
        }
        if (!this.columns.contains(COST)) {
            throw new UserError("csv-directory: rowLayout '" + columns + "' lacks the column 'cost'; add it");
        }
    }

    @Override
    public BigDecimal write(Document document, Cells cells) {
        if (header) {
            cells.row(columns.toArray(String[]::new));
        }
        if (document.kind() == Document.Kind.CREDIT_NOTE && columns.contains(TYPE)) {
            BigDecimal nothing = BigDecimal.ZERO.setScale(document.total().scale());
            write(cells, new Row(document, null, null, title(document), nothing), nothing);
        }
        BigDecimal written = BigDecimal.ZERO;
        for (Document.Section section : document.sections()) {
            BigDecimal lines = BigDecimal.ZERO;
            for (Line line : section.lines()) {
                written = write(cells, Row.of(document, section, line), written);
                lines = lines.add(line.amount());
            }
            written = writeExtra(
                    cells, document, section, "rounding", section.subtotal().subtract(lines), written);
        }
        written = writeExtra(
                cells, document, null, "discount", document.discount().amount().negate(), written);
        for (Document.Tax tax : document.taxes()) {
            written = writeExtra(cells, document, null, tax.name(), tax.amount(), written);
        }
        return written;
    }

    @Override
    public BigDecimal total(Path file, char delimiter) throws IOException {
        int cost = columns.indexOf(COST);
        BigDecimal total = BigDecimal.ZERO;
        try (CsvReader<CsvRecord> rows =
                CsvReader.builder().fieldSeparator(delimiter).ofCsvRecord(file)) {
            boolean first = header;
            for (CsvRecord row : rows) {
                if (first ? !row.getFields().equals(columns) : row.getFieldCount() != columns.size()) {
                    throw new IllegalArgumentException("another layout");
                }
                total = first ? total : total.add(Decimals.parse(row.getField(cost)));
                first = false;
            }
        }
        return total;
    }

    /** What a person must see first who takes the file for an invoice. */
    private static String title(Document note) {
        return "credit note " + note.number() + " for invoice " + note.correctsNumber() + ": " + note.reason();
    }

    private BigDecimal writeExtra(
            Cells cells,
            Document document,
            Document.Section section,
            String type,
            BigDecimal cost,
            BigDecimal written) {
        return cost.signum() == 0 ? written : write(cells, new Row(document, section, null, type, cost), written);
    }

    private BigDecimal write(Cells cells, Row row, BigDecimal written) {
        cells.row(columns.stream().map(column -> COLUMNS.get(column).apply(row)).toArray(String[]::new));
        return written.add(row.cost);
    }

    private static Map<String, Function<Row, String>> columns() {
        Map<String, Function<Row, String>> all = new LinkedHashMap<>();
        all.put("location", row -> row.section == null ? null : Cells.text(row.section.name()));
        all.put("product", row -> row.line == null ? null : Cells.text(row.line.product()));
        all.put(TYPE, row -> Cells.text(row.type));
        all.put("start", row -> Cells.time(row.period().from()));
        all.put("end", row -> Cells.time(row.period().to()));
        all.put("amount", row -> row.line == null ? null : Cells.number(row.line.quantity()));
        all.put("unit", row -> row.line == null ? null : Cells.text(row.line.unit()));
        all.put("rate", row -> row.line == null ? null : Cells.number(row.line.unitPrice()));
        all.put(COST, row -> Cells.number(row.cost));
        all.put("exact", row -> row.line == null ? null : Cells.number(row.line.exact()));
        all.put("currency", row -> row.document.currency());
        all.put("kind", row -> row.line == null ? null : row.line.kind().name().toLowerCase(Locale.ROOT));
        all.put("month", row -> row.month().toString());
        all.put("note", row -> row.line == null ? null : Cells.text(row.line.note()));
        all.put("number", row -> Cells.text(row.document.number()));
        all.put("key", row -> Cells.text(row.document.key()));
        all.put("account", row -> Cells.text(row.document.account()));
        all.put("customer", row -> Cells.text(row.customer()));
        all.put("document", row -> row.document.kind().code());
        all.put("corrects", row -> Cells.text(row.document.correctsNumber()));
        all.put("reason", row -> Cells.text(row.document.reason()));
        return all;
    }

    /**
     * @param section null for rows of the whole document
     * @param line null for rows that are no usage
     */
    private record Row(Document document, Document.Section section, Line line, String type, BigDecimal cost) {
        static Row of(Document document, Document.Section section, Line line) {
            String type = line.label() == null ? line.product() : line.label();
            return new Row(document, section, line, type, line.amount());
        }

        YearMonth month() {
            return line == null || line.usageMonth() == null ? document.month() : line.usageMonth();
        }

        Period period() {
            return line == null || line.usageMonth() == null
                    ? document.period()
                    : DocumentBuilder.period(line.usageMonth());
        }

        String customer() {
            return document.customer() == null ? null : document.customer().name();
        }
    }
}
