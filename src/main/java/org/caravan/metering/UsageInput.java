package org.caravan.metering;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import org.caravan.common.UserError;

/**
 * What usage is read from.
 *
 * @param stream closed by the reader
 * @param name how messages name it, {@code file october.csv}
 * @param source name of the configured source, or null: the batches then carry no position
 * @param key key of the position in the source, or null with {@code source}
 */
public record UsageInput(InputStream stream, String name, String source, String key) {
    public UsageInput {
        Objects.requireNonNull(stream, "stream");
        Objects.requireNonNull(name, "name");
        if ((source == null) != (key == null)) {
            throw new IllegalArgumentException("a position needs both source and key: " + source + ", " + key);
        }
    }

    /** An input without position. */
    public static UsageInput of(InputStream stream, String name) {
        return new UsageInput(stream, name, null, null);
    }

    /**
     * A file, with the position that {@link FilePosition} gives it.
     *
     * @throws UserError if it can't be read
     */
    public static UsageInput file(Path path, String source) {
        return new UsageInput(open(path), "file " + path, source, FilePosition.of(path));
    }

    static InputStream open(Path path) {
        if (Files.isDirectory(path)) {
            throw new UserError("file " + path + ": is a directory; give the path of a usage file");
        }
        try {
            return Files.newInputStream(path);
        } catch (NoSuchFileException e) {
            throw new UserError("file " + path + ": no such file; give the path of a usage file", e);
        } catch (AccessDeniedException e) {
            throw new RefusedUsage("file " + path + ": may not be read; check its permissions", e);
        } catch (IOException e) {
            throw new UserError("file " + path + ": can't be read (" + e.getMessage() + ")", e);
        }
    }
}
