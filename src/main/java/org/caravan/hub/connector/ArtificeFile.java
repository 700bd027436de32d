package org.caravan.hub.connector;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.caravan.common.UserError;
import org.caravan.invoice.adapter.AdapterSettings;

/**
 * A file in Artifice's form: {@code [main]} with {@code invoice:object="module:Class"}, and the adapter's own settings in
 * {@code [invoice:object]}, {@code [invoice_object]} or {@code [invoice:config]}. Other sections are left alone. INI, or YAML
 * where its name says so ({@code .yaml}, {@code .yml}, {@code .json}).
 */
final class ArtificeFile {
    private static final long MAX_BYTES = 1 << 20;
    static final String MAIN = "main";
    static final String OBJECT = "invoice:object";

    /** What the section of the adapter's own settings is called. */
    static final Set<String> OWN = Set.of(OBJECT, "invoice_object", "invoice:config");

    private ArtificeFile() {}

    /** @throws UserError if it can't be read, or names no adapter */
    static AdapterSettings read(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).matches(".*\\.(ya?ml|json)")
                ? ArtificeYaml.read(file)
                : readIni(file);
    }

    private static AdapterSettings readIni(Path file) {
        List<String> lines;
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new UserError(file + ": larger than " + MAX_BYTES + " bytes; is it the right file?");
            }
            lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UserError("caravan.invoice.file: " + file + " can't be read (" + e.getMessage() + ")", e);
        }
        String section = "";
        String object = null;
        Map<String, String> config = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
                continue;
            }
            if (line.startsWith("[") && line.endsWith("]")) {
                section = line.substring(1, line.length() - 1).strip();
                continue;
            }
            // keys of [main] hold a colon, so that one alone parts key and value only where there is no =
            int at = line.indexOf('=') >= 0 ? line.indexOf('=') : line.indexOf(':');
            if (at < 1) {
                throw new UserError(file + ":" + (i + 1) + ": expected key=value or [section], found '" + line + "'");
            }
            String key = line.substring(0, at).strip();
            String value = unquoted(line.substring(at + 1).strip());
            if (section.equals(MAIN) && key.equals(OBJECT)) {
                object = value;
            } else if (OWN.contains(section)) {
                config.put(key, value);
            }
        }
        if (object == null || object.isBlank()) {
            throw new UserError(file + ": names no adapter; write invoice:object=\"module:Class\" below [main]");
        }
        return new AdapterSettings(object, config);
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2
                && (value.startsWith("\"") && value.endsWith("\"") || value.startsWith("'") && value.endsWith("'"));
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
