package org.caravan.hub.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.caravan.common.UserError;

/** A Java properties file, UTF-8, whose keys remember their line. */
final class PropertiesFile {
    private static final long MAX_BYTES = 1 << 20;

    private PropertiesFile() {}

    /** A value and the line where its key stands. */
    record Line(String value, int number) {}

    /**
     * Reads the file in its order.
     *
     * @param wrong told of a line that can't be read, or whose key stands there already; it may throw
     * @throws UserError if the file can't be read
     */
    static Map<String, Line> read(Path file, Consumer<UserError> wrong) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new UserError(file + ": larger than " + MAX_BYTES + " bytes; is it the right file?");
            }
            return parse(file, Files.readAllLines(file, StandardCharsets.UTF_8), wrong);
        } catch (IOException e) {
            throw new UserError(file + ": can't be read (" + e.getMessage() + "); it must be UTF-8 text", e);
        }
    }

    private static Map<String, Line> parse(Path file, List<String> lines, Consumer<UserError> wrong)
            throws IOException {
        Map<String, Line> result = new LinkedHashMap<>();
        StringBuilder logical = new StringBuilder();
        int first = 1;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (logical.isEmpty()) {
                first = i + 1;
            }
            logical.append(line).append('\n');
            boolean comment = logical.toString().stripLeading().startsWith("#")
                    || logical.toString().stripLeading().startsWith("!");
            if (!comment && continues(line) && i + 1 < lines.size()) {
                continue;
            }
            // Java's own reader knows the escapes; one logical line at a time keeps the number.
            Properties one = new Properties();
            try {
                one.load(new StringReader(logical.toString()));
            } catch (IllegalArgumentException e) {
                wrong.accept(
                        new UserError(file + ":" + first + ": " + e.getMessage() + "; write \\\\ for a backslash", e));
            }
            for (String key : one.stringPropertyNames()) {
                Line earlier = result.put(key, new Line(one.getProperty(key).strip(), first));
                if (earlier != null) {
                    wrong.accept(new UserError(file + ":" + first + ": " + key + ": stands in line " + earlier.number()
                            + " already; remove one of them"));
                }
            }
            logical.setLength(0);
        }
        return result;
    }

    private static boolean continues(String line) {
        int backslashes = 0;
        while (backslashes < line.length() && line.charAt(line.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }
}
