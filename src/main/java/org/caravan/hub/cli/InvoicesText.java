package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.caravan.common.Decimals;
import org.caravan.invoice.document.Document;

/** What a document says, with the numbers by which its lines are credited. */
final class InvoicesText {
    private InvoicesText() {}

    /**
     * Prints lines and figures.
     *
     * @param numbers of the lines where they are not counted from 1: those of the invoice that a credit note takes back;
     *     null to count
     * @param creditedBy number of the note by line; empty for a document that is none or has none
     */
    static void print(Document document, Set<Integer> numbers, TreeMap<Integer, String> creditedBy, PrintStream out) {
        InvoicesTable table = creditedBy.isEmpty()
                ? new InvoicesTable(">LINE", "DATACENTER", "PRODUCT", ">QUANTITY", "UNIT", ">PRICE", ">AMOUNT")
                : new InvoicesTable(
                        ">LINE", "DATACENTER", "PRODUCT", ">QUANTITY", "UNIT", ">PRICE", ">AMOUNT", "CREDITED BY");
        Iterator<Integer> number = numbers(document, numbers);
        for (Document.Section section : document.sections()) {
            for (Document.Line line : section.lines()) {
                int at = number.next();
                String[] cells = {
                    Integer.toString(at),
                    section.name(),
                    name(line),
                    Decimals.plain(line.quantity()),
                    line.unit(),
                    line.unitPrice() == null ? null : Decimals.plain(line.unitPrice()),
                    line.amount().toPlainString(),
                    creditedBy.get(at)
                };
                table.row(creditedBy.isEmpty() ? Arrays.copyOf(cells, cells.length - 1) : cells);
            }
        }
        table.print(out);
        // its empty head is the line between
        InvoicesTable sums = new InvoicesTable("", ">");
        sums.row("subtotal", document.subtotal().toPlainString());
        if (document.discount().amount().signum() != 0) {
            sums.row("discount", document.discount().amount().negate().toPlainString());
        }
        for (Document.Tax tax : document.taxes()) {
            sums.row(
                    tax.name() + " " + Decimals.plain(tax.rate()) + "%",
                    tax.amount().toPlainString());
        }
        sums.row("total " + document.currency(), document.total().toPlainString());
        sums.print(out);
    }

    private static Iterator<Integer> numbers(Document document, Set<Integer> numbers) {
        if (numbers != null) {
            return numbers.iterator();
        }
        Set<Integer> counted = new TreeSet<>();
        for (int line = 1; line <= document.lines(); line++) {
            counted.add(line);
        }
        return counted.iterator();
    }

    private static String name(Document.Line line) {
        String kind = line.kind().name().toLowerCase(Locale.ROOT);
        String name = line.label() == null ? line.product() : line.label() + " (" + line.product() + ")";
        return kind.equals("usage") && line.usageMonth() == null
                ? name
                : name + ", " + kind + (line.usageMonth() == null ? "" : " of " + line.usageMonth());
    }

    /** The figures as JSON; decimals are strings. */
    static void json(Document document, Set<Integer> numbers, TreeMap<Integer, String> creditedBy, ObjectNode node) {
        Iterator<Integer> number = numbers(document, numbers);
        ArrayNode lines = node.putArray("lines");
        for (Document.Section section : document.sections()) {
            for (Document.Line line : section.lines()) {
                int at = number.next();
                ObjectNode one = lines.addObject();
                one.put("line", at);
                one.put("datacenter", section.name());
                one.put("product", line.product());
                one.put("label", line.label());
                one.put("kind", line.kind().name().toLowerCase(Locale.ROOT));
                one.put(
                        "usageMonth",
                        line.usageMonth() == null ? null : line.usageMonth().toString());
                one.put("quantity", Decimals.plain(line.quantity()));
                one.put("unit", line.unit());
                one.put("unitPrice", text(line.unitPrice()));
                one.put("amount", line.amount().toPlainString());
                one.put("creditedBy", creditedBy.get(at));
            }
        }
        node.put("subtotal", document.subtotal().toPlainString());
        node.put("discount", document.discount().amount().toPlainString());
        ArrayNode taxes = node.putArray("taxes");
        document.taxes().forEach(tax -> taxes.addObject()
                .put("name", tax.name())
                .put("rate", Decimals.plain(tax.rate()))
                .put("amount", tax.amount().toPlainString()));
        node.put("total", document.total().toPlainString());
        node.put("currency", document.currency());
    }

    private static String text(BigDecimal number) {
        return number == null ? null : Decimals.plain(number);
    }
}
