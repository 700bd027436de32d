package org.caravan.invoice.erp.openerp;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.caravan.invoice.document.Document;

/**
 * How finely a document is told: line by line, or, where these are too many (Odoo takes milliseconds for each), by product
 * or by datacenter. Amounts are the sums of the lines', so that totals stay what they are.
 */
enum Detail {
    LINES,
    PRODUCTS,
    SECTIONS;

    /**
     * A line to be.
     *
     * @param text what it says where it bears an amount alone
     * @param name what it says where quantity and price stand beside it
     * @param line null where it is a sum of several
     */
    record Row(String text, String name, BigDecimal amount, Document.Line line) {}

    /** The finest that stays within a number of lines. */
    static Detail of(Document document, int maxLines) {
        if (document.lines() <= maxLines) {
            return LINES;
        }
        long products = document.sections().stream()
                .mapToLong(section -> section.lines().stream()
                        .map(Document.Line::product)
                        .distinct()
                        .count())
                .sum();
        return products <= maxLines ? PRODUCTS : SECTIONS;
    }

    List<Row> rows(Document.Section section, boolean refund) {
        if (this == LINES) {
            return section.lines().stream()
                    .map(line -> new Row(LineText.usage(line, refund), LineText.name(line), line.amount(), line))
                    .toList();
        }
        Map<String, List<Document.Line>> groups = new LinkedHashMap<>();
        for (Document.Line line : section.lines()) {
            groups.computeIfAbsent(this == PRODUCTS ? LineText.product(line) : "Usage", group -> new ArrayList<>())
                    .add(line);
        }
        List<Row> rows = new ArrayList<>();
        groups.forEach((name, lines) -> {
            BigDecimal amount = lines.stream().map(Document.Line::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
            String text =
                    lines.size() == 1 ? LineText.usage(lines.get(0), refund) : name + ": " + lines.size() + " lines";
            rows.add(new Row(text, name, amount, null));
        });
        return rows;
    }
}
