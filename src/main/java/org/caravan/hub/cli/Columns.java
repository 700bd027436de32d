package org.caravan.hub.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows of texts as aligned lines: numbers to the right, all else to the left. */
final class Columns {
    private Columns() {}

    /** @param rows the first one holds the headings */
    static List<String> lines(List<String[]> rows) {
        int columns = rows.get(0).length;
        int[] widths = new int[columns];
        boolean[] numbers = new boolean[columns];
        for (int column = 0; column < columns; column++) {
            numbers[column] = rows.size() > 1;
            for (int row = 0; row < rows.size(); row++) {
                String cell = rows.get(row)[column];
                widths[column] = Math.max(widths[column], cell.length());
                numbers[column] &= row == 0 || cell.matches("\\d+");
            }
        }
        List<String> lines = new ArrayList<>();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                String blanks = " ".repeat(widths[column] - row[column].length());
                line.append(numbers[column] ? blanks + row[column] : row[column] + blanks)
                        .append("  ");
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
