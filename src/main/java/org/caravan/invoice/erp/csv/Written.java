package org.caravan.invoice.erp.csv;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.caravan.common.Json;
import org.caravan.common.UserError;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.DocumentKey;

/**
 * What the directory knows of the invoices it was given: a note per invoice in a hidden directory beside the files, which
 * stays when a file is fetched and removed. A restored ledger learns from it what was issued since its backup.
 */
final class Written {
    /** Name of the directory of notes. */
    static final String DIRECTORY = ".caravan-documents";

    private static final String END = ".json";
    private static final int NAME_DIGITS = 32;
    private static final int MAX_BYTES = 64 << 10;

    private final Path directory;
    private final AtomicFile files;

    Written(Path invoices) {
        this.directory = invoices.resolve(DIRECTORY);
        this.files = new AtomicFile(directory);
    }

    /**
     * A note.
     *
     * @param file name of the invoice's file
     * @param total as in {@link Document}, plain decimal
     */
    @JsonPropertyOrder({"key", "number", "kind", "issuer", "account", "month", "currency", "total", "file"})
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Note(
            String key,
            String number,
            String kind,
            String issuer,
            String account,
            String month,
            String currency,
            String total,
            String file) {
        static Note of(Document document, String file) {
            return new Note(
                    document.key(),
                    document.number(),
                    document.kind().code(),
                    document.issuer(),
                    document.account(),
                    document.month().toString(),
                    document.currency(),
                    document.total().toPlainString(),
                    file);
        }

        BigDecimal amount() {
            return new BigDecimal(total);
        }
    }

    /** Writes the note of an invoice whose file is there, or finds it written. */
    void add(Document document, String file) throws IOException {
        // found there at once but for the first invoice
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            AtomicFile.sync(directory.toAbsolutePath().getParent());
        }
        String name = DocumentKey.sha256(document.key()).substring(0, NAME_DIGITS);
        files.create(name + END, Json.mapper().writeValueAsBytes(Note.of(document, file)), name);
    }

    /** Names every note, in any order. */
    void each(Consumer<Note> to) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> notes = Files.newDirectoryStream(
                directory, note -> !note.getFileName().toString().startsWith("."))) {
            for (Path note : notes) {
                to.accept(read(note));
            }
        }
    }

    private static Note read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            Note note = bytes.length > MAX_BYTES ? null : Json.mapper().readValue(bytes, Note.class);
            if (note != null && note.key != null && note.number != null && note.file != null && note.total != null) {
                note.amount();
                return note;
            }
        } catch (com.fasterxml.jackson.core.JsonProcessingException | NumberFormatException e) {
            throw unfit(file, e);
        }
        throw unfit(file, null);
    }

    private static UserError unfit(Path file, Exception cause) {
        return new UserError(
                "csv-directory: " + file + " is not what was written there; remove it, and name its invoice by hand",
                cause);
    }
}
