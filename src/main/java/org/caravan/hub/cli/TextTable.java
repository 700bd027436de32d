package org.caravan.hub.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** A plain table, as wide as its cells, with notes in lines of their own below a row. */
final class TextTable {
    /** A longer cell pushes the others aside rather than all lines. */
    private static final int MAX_WIDTH = 40;

    private final List<String[]> lines = new ArrayList<>();
    private final int[] widths;

    TextTable(String... head) {
        widths = new int[head.length];
        row(head);
    }

    void row(String... cells) {
        for (int i = 0; i < cells.length; i++) {
            cells[i] = Errors.oneLine(cells[i]);
            widths[i] = Math.min(MAX_WIDTH, Math.max(widths[i], cells[i].codePointCount(0, cells[i].length())));
        }
        lines.add(cells);
    }

    /** A line below the last row. */
    void note(String text) {
        lines.add(new String[] {"     " + text});
    }

    void print(PrintStream out) {
        for (String[] cells : lines) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < cells.length; i++) {
                line.append(cells[i]);
                int blanks = widths[i] - cells[i].codePointCount(0, cells[i].length());
                if (i < cells.length - 1) {
                    line.append(" ".repeat(Math.max(0, blanks) + 2));
                }
            }
            out.println(line);
        }
    }
}
