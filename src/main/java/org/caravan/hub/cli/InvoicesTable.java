package org.caravan.hub.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** A plain table of names and figures: a column whose head begins with {@code >} stands to the right. */
final class InvoicesTable {
    private static final String RIGHT = ">";

    private final boolean[] right;
    private final int[] widths;
    private final List<String[]> lines = new ArrayList<>();

    InvoicesTable(String... head) {
        right = new boolean[head.length];
        widths = new int[head.length];
        String[] names = new String[head.length];
        for (int i = 0; i < head.length; i++) {
            right[i] = head[i].startsWith(RIGHT);
            names[i] = right[i] ? head[i].substring(1) : head[i];
        }
        row(names);
    }

    /** Null is an empty cell. */
    void row(String... cells) {
        String[] line = new String[cells.length];
        for (int i = 0; i < cells.length; i++) {
            line[i] = cells[i] == null ? "" : Errors.oneLine(cells[i]);
            widths[i] = Math.max(widths[i], length(line[i]));
        }
        lines.add(line);
    }

    void print(PrintStream out) {
        for (String[] cells : lines) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < cells.length; i++) {
                String blanks = " ".repeat(widths[i] - length(cells[i]));
                line.append(i == 0 ? "" : "  ").append(right[i] ? blanks + cells[i] : cells[i] + blanks);
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
