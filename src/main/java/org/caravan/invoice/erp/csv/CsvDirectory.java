package org.caravan.invoice.erp.csv;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.caravan.common.Nearest;
import org.caravan.common.UserError;
import org.caravan.invoice.FoundDocument;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentHead;
import org.caravan.invoice.document.DocumentKey;

/**
 * A directory of invoices: a document becomes a file, its reference is the file's name.
 *
 * <p>Repeating is safe: the same document again, also from several places at once, is the same file and the same
 * reference. Immutable and safe for concurrent use.
 */
public final class CsvDirectory {
    /** File name where nothing else is said. */
    public static final String DEFAULT_FILE_NAME = "{month}-{number}-{account}.csv";

    /** Hex digits of the key's digest in the name of a temporary file. */
    private static final int OWNER_DIGITS = 32;

    private static final Set<String> SETTINGS =
            new TreeSet<>(Set.of("directory", "fileName", "layout", "rowLayout", "header", "delimiter", "typeOrder"));

    private final Path directory;
    private final FileNames names;
    private final Layout layout;
    private final char delimiter;
    private final AtomicFile files;
    private final Written written;
    private final OldFiles oldFiles;

    /**
     * Takes the settings of the Kamelet; one that is absent or empty has its default.
     *
     * @param settings directory (required), fileName, layout (rows or report), rowLayout, header, delimiter, typeOrder
     * @throws UserError naming a setting that is unknown or unfit
     */
    public CsvDirectory(Map<String, ?> settings) {
        for (String name : settings.keySet()) {
            if (!SETTINGS.contains(name)) {
                throw new UserError("csv-directory: unknown setting '" + name + "'" + Nearest.hint(name, SETTINGS)
                        + "; known: " + String.join(", ", SETTINGS));
            }
        }
        String where = setting(settings, "directory", "");
        if (where.isBlank()) {
            throw new UserError("csv-directory: setting 'directory' is missing; name the directory invoices go to");
        }
        this.directory = Path.of(where);
        this.names = new FileNames(setting(settings, "fileName", DEFAULT_FILE_NAME));
        this.delimiter = delimiter(setting(settings, "delimiter", ","));
        this.layout = layout(settings);
        this.files = new AtomicFile(directory);
        this.written = new Written(directory);
        this.oldFiles = new OldFiles(directory, setting(settings, "fileName", DEFAULT_FILE_NAME), layout, delimiter);
    }

    /**
     * Writes the document's file, or finds it written.
     *
     * @throws UserError if the directory is missing, or another file has the name
     * @throws IOException if it can't be written; try again
     */
    public Committed commit(Document document) throws IOException {
        String name = names.name(document.head());
        Rendered rendered = render(document);
        String owner = DocumentKey.sha256(document.key()).substring(0, OWNER_DIGITS);
        files.create(name, rendered.bytes, owner);
        if (!document.proforma()) {
            // after the file: a note tells of what is there, and a kill in between is made good by the next try
            written.add(document, name);
        }
        return new Committed(name, rendered.total);
    }

    /**
     * Names the invoices that were written here, also those whose files were fetched since; proformas are none.
     *
     * @param issuer whose are wanted; those whose issuer can't be told are named, too
     * @throws UserError if the directory is missing, or an invoice can't be told
     */
    void list(String issuer, Consumer<FoundDocument> to) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new UserError(
                    "csv-directory: directory " + directory + " does not exist; name the one invoices went to");
        }
        Set<String> noted = new HashSet<>();
        written.each(note -> {
            noted.add(note.file());
            if (note.issuer().equals(issuer)) {
                to.accept(new FoundDocument(
                        note.number(),
                        note.key(),
                        note.account(),
                        YearMonth.parse(note.month()),
                        note.currency(),
                        note.amount(),
                        note.file()));
            }
        });
        oldFiles.each(noted, to);
    }

    /** The file that a document of this head goes to; nothing is read or written. */
    public Path wouldWrite(DocumentHead head) {
        return directory.resolve(names.name(head));
    }

    /** True if a commit would find the name free, or taken by this very document. */
    public boolean isFree(Document document) throws IOException {
        return files.isFree(names.name(document.head()), render(document).bytes);
    }

    private Rendered render(Document document) {
        StringWriter text = new StringWriter();
        BigDecimal total = layout.write(document, new Cells(text, delimiter));
        return new Rendered(text.toString().getBytes(StandardCharsets.UTF_8), total);
    }

    private static Layout layout(Map<String, ?> settings) {
        String layout = setting(settings, "layout", "rows");
        // both are checked, whichever is chosen: a mistyped setting is never silent
        Layout rows = new RowLayout(setting(settings, "rowLayout", RowLayout.DEFAULT_COLUMNS), header(settings));
        List<String> types = Arrays.stream(setting(settings, "typeOrder", "").split(","))
                .map(String::trim)
                .filter(type -> !type.isEmpty())
                .toList();
        return switch (layout) {
            case "rows" -> rows;
            case "report" -> new ReportLayout(types);
            default -> throw new UserError("csv-directory: layout '" + layout + "' is neither 'rows' nor 'report'");
        };
    }

    private static boolean header(Map<String, ?> settings) {
        String header = setting(settings, "header", "true");
        return switch (header) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new UserError("csv-directory: header '" + header + "' is neither 'true' nor 'false'");
        };
    }

    private static char delimiter(String text) {
        String delimiter = text.equals("\\t") ? "\t" : text;
        if (delimiter.length() != 1 || "\"\r\n".contains(delimiter)) {
            throw new UserError("csv-directory: delimiter '" + text + "' is no single character such as , or ; or \\t");
        }
        return delimiter.charAt(0);
    }

    private static String setting(Map<String, ?> settings, String name, String otherwise) {
        Object value = settings.get(name);
        return value == null || value.toString().isEmpty() ? otherwise : value.toString();
    }

    /**
     * @param reference name of the file
     * @param total what the written figures come to
     */
    public record Committed(String reference, BigDecimal total) {}

    private record Rendered(byte[] bytes, BigDecimal total) {}
}
