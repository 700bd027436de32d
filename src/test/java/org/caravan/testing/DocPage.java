package org.caravan.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A page of the documentation whose commands can be followed literally: what stands between {@code ```sh} fences, and in
 * the next fence without a word what that prints.
 *
 * <p>In what is shown, a line {@code ...} stands for any lines, {@code …} for any text within a line, and the figures of a
 * line that begins with {@code time:} are those of another machine.
 */
public record DocPage(Path file, List<Block> blocks) {
    /** Commands, and what is shown of their output; null if nothing is. */
    public record Block(String commands, String shown) {
        /** True if this is what the page shows. */
        public boolean isShown(String output) {
            return shown == null || pattern(shown).matcher(output).matches();
        }
    }

    public static DocPage read(Path file) throws IOException {
        List<Block> blocks = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        int behind = -1;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!line.startsWith("```")) {
                continue;
            }
            int end = i + 1;
            while (!lines.get(end).equals("```")) {
                end++;
            }
            String text =
                    lines.subList(i + 1, end).stream().map(one -> one + "\n").collect(Collectors.joining());
            if (line.equals("```sh")) {
                blocks.add(new Block(text, null));
                behind = blocks.size() - 1;
            } else if (line.equals("```") && behind >= 0) {
                blocks.set(behind, new Block(blocks.get(behind).commands(), text));
                behind = -1;
            }
            i = end;
        }
        return new DocPage(file, List.copyOf(blocks));
    }

    private static Pattern pattern(String shown) {
        StringBuilder regex = new StringBuilder("(?s)");
        for (String line : shown.split("\n")) {
            if (line.strip().equals("...")) {
                regex.append("(.*\n)?");
                continue;
            }
            if (line.startsWith("time: ")) {
                regex.append("time: [^\n]*");
            } else {
                for (String part : line.stripTrailing().split("(?=…)|(?<=…)")) {
                    regex.append(part.equals("…") ? "[^\n]*" : Pattern.quote(part));
                }
            }
            regex.append(" *\n");
        }
        return Pattern.compile(regex.toString());
    }
}
