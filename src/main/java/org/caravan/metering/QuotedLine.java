package org.caravan.metering;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.IOException;

/**
 * Cells of a CSV line that holds quotes, read by FastCSV and laid out in UTF-8 as an unquoted line would have them. For
 * one thread.
 */
final class QuotedLine {
    private final CsvReader.CsvReaderBuilder reading;

    final TextBuffer text = new TextBuffer();

    /** End of each cell in {@link #text}; between two cells lies one separating comma. */
    final int[] ends;

    private int records;
    private int cells;
    private boolean open;

    /**
     * @param most cells whose ends are kept; further ones are only counted
     * @param separator between two cells of the line; between those laid out it is a comma
     */
    QuotedLine(int most, char separator) {
        this.reading = CsvReader.builder().skipEmptyLines(false).fieldSeparator(separator);
        this.ends = new int[most];
    }

    /** Reads a line; answers the number of its cells, or -1 if it is no line of a CSV. */
    int read(String line) {
        text.clear();
        cells = 0;
        records = 0;
        open = false;
        // An open quote takes the line end that is put behind the line into its cell.
        try (CsvReader<Object> reader = reading.build(new Cells(), line + "\n")) {
            reader.forEach(record -> records++);
        } catch (CsvParseException | IOException e) {
            return -1;
        }
        return open || records != 1 ? -1 : cells;
    }

    private final class Cells extends AbstractBaseCsvCallbackHandler<Object> {
        @Override
        protected void handleField(int index, char[] chars, int offset, int length, boolean quoted) {
            for (int i = offset; i < offset + length; i++) {
                open |= chars[i] == '\n';
            }
            if (cells > 0) {
                text.add((byte) ',');
            }
            text.add(chars, offset, length);
            if (cells < ends.length) {
                ends[cells] = text.length;
            }
            cells++;
        }

        @Override
        protected Object buildRecord() {
            return this;
        }
    }
}
