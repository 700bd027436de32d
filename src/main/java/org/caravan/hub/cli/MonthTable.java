package org.caravan.hub.cli;

import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;

/** A table of names and amounts: the first column to the left, the others to the right, with lines between the rows. */
final class MonthTable {
    private final List<String[]> lines = new ArrayList<>();

    MonthTable(String... head) {
        lines.add(head);
    }

    void row(String... cells) {
        lines.add(cells);
    }

    /** A line of its own below the last row. */
    void note(String text) {
        lines.add(new String[] {"  " + Errors.oneLine(text)});
    }

    boolean isEmpty() {
        return lines.size() == 1;
    }

    void print(PrintStream out) {
        int[] widths = new int[lines.get(0).length];
        for (String[] cells : lines) {
            for (int i = 0; i < cells.length && cells.length > 1; i++) {
                widths[i] = Math.max(widths[i], cells[i].length());
            }
        }
        for (String[] cells : lines) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < cells.length; i++) {
                String blanks = cells.length == 1 ? "" : " ".repeat(widths[i] - cells[i].length());
                line.append(i == 0 ? cells[i] + blanks : "  " + blanks + cells[i]);
            }
            out.println(line.toString().stripTrailing());
        }
    }

    /** An amount for people, to the digits of its currency; {@code -} where there is none. */
    static String money(BigDecimal amount, String currency) {
        if (amount == null) {
            return "-";
        }
        int digits = 2;
        try {
            digits = Math.max(0, Currency.getInstance(currency).getDefaultFractionDigits());
        } catch (IllegalArgumentException unknown) {
            // a currency of one's own has cents, too
        }
        return amount.setScale(digits, RoundingMode.HALF_UP).toPlainString();
    }
}
