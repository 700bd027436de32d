package org.caravan.testing.odoo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The arithmetic of invoice lines, in binary floats as there, with the cent in which 14 and 19 differ. */
final class Lines {
    private final Accounting books;
    private final int digits;
    final List<Map<String, Object>> rows = new ArrayList<>();
    private double untaxed;
    private double tax;
    private final Map<Long, Double> bases = new java.util.TreeMap<>();

    Lines(Accounting books, int digits) {
        this.books = books;
        this.digits = digits;
    }

    void add(Map<String, String> cells) {
        String type = cells.get("invoice_line_ids/display_type");
        boolean text = type.equals("line_section") || type.equals("line_note");
        if (books.version >= 16 && type.isEmpty()) {
            throw OdooError.user("Missing required value for the field 'display_type'");
        }
        if (!text && !type.isEmpty() && books.version < 16) {
            throw OdooError.user("Value '" + type + "' not found in selection field 'Display Type'");
        }
        double subtotal = 0;
        if (!text) {
            double quantity = Double.parseDouble(cells.get("invoice_line_ids/quantity"));
            double price = Double.parseDouble(cells.get("invoice_line_ids/price_unit"));
            // 14 multiplies what it was given, 19 what it keeps
            subtotal = round((books.version == 14 ? quantity : round(quantity, 2)) * price, digits);
            untaxed += subtotal;
            taxes(cells.get("invoice_line_ids/tax_ids/.id"), subtotal);
        }
        rows.add(Accounting.row(
                "display_type",
                type.isEmpty() ? (Object) false : type,
                "name",
                cells.get("invoice_line_ids/name"),
                "sequence",
                Integer.parseInt(cells.get("invoice_line_ids/sequence")),
                "price_subtotal",
                subtotal,
                "quantity",
                text ? "" : cells.get("invoice_line_ids/quantity"),
                "price_unit",
                text ? "" : cells.get("invoice_line_ids/price_unit"),
                "taxes",
                cells.get("invoice_line_ids/tax_ids/.id")));
    }

    private void taxes(String ids, double subtotal) {
        for (String id : ids.isEmpty() ? new String[0] : ids.split(",")) {
            long known = Long.parseLong(id);
            double percent = (Double) books.records.of("account.tax").get(known).get("amount");
            if (books.taxPerLine) {
                tax += round(subtotal * percent / 100, digits);
            } else {
                bases.merge(known, subtotal * percent / 100, Double::sum);
            }
        }
    }

    void total(Map<String, Object> move) {
        for (double base : bases.values()) {
            tax += round(base, digits);
        }
        move.put("amount_untaxed", round(untaxed, digits));
        move.put("amount_tax", round(tax, digits));
        move.put("amount_total", round(untaxed + tax, digits));
    }

    /** Half away from zero, with the tolerance that Odoo's own has. */
    static double round(double value, int digits) {
        double shift = Math.pow(10, digits);
        double shifted = Math.abs(value) * shift;
        return Math.signum(value) * Math.floor(shifted + 0.5 + shifted * 1e-15) / shift;
    }
}
